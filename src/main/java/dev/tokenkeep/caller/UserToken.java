package dev.tokenkeep.caller;

import dev.tokenkeep.session.RegistrationNames;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A verified JWT of a user.
 *
 * @param issuerName the name of its issuer in the configuration
 * @param registrations whose sessions belong to the users of this issuer
 * @param user whose JWT it is
 * @param mayAct the only party that may present it; null if anybody may
 * @param actor who acts for the user already, as {@code act} says (RFC 8693 §4.1), for the audit alone; null if nobody does
 */
public record UserToken(
        String issuerName,
        RegistrationNames registrations,
        Party user,
        @Nullable Party mayAct,
        @Nullable String actor) {

    /** Whoever a JWT is about. A party that lacks something is nobody. */
    public record Party(@Nullable String issuer, @Nullable String subject) {

        private boolean is(@Nullable String otherIssuer, @Nullable String otherSubject) {
            return issuer != null && subject != null && issuer.equals(otherIssuer) && subject.equals(otherSubject);
        }

        /** Subjects may be personal data. */
        @Override
        public String toString() {
            return "[party of " + issuer + "]";
        }
    }

    /** Returns whether this caller may present the JWT (RFC 8693 §4.4). It is not the user itself. */
    public boolean allows(@Nullable String callerIssuer, @Nullable String callerSubject) {
        return !user.is(callerIssuer, callerSubject) && (mayAct == null || mayAct.is(callerIssuer, callerSubject));
    }

    /** Returns the subject of the sessions that the JWT opens. */
    public String subject() {
        return Objects.requireNonNull(user.subject());
    }

    /** Actors may be personal data. */
    @Override
    public String toString() {
        return "[user's token of " + issuerName + "]";
    }
}
