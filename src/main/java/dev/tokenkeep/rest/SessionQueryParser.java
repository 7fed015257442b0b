package dev.tokenkeep.rest;

import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.rest.request.QueryParameters;
import dev.tokenkeep.rest.request.RequestBody;
import dev.tokenkeep.session.RegistrationNames;
import dev.tokenkeep.session.SessionQuery;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a query for sessions. Limits it to what the caller may use. */
final class SessionQueryParser {

    private static final int ANY = 1;

    private SessionQueryParser() {}

    static SessionQuery of(UriInfo uri, CallerSessions sessions) {
        var asked = QueryParameters.of(uri, "subject", "registration", "status", "limit", "after");
        Caller caller = sessions.caller();
        return new SessionQuery(
                caller.owners(),
                registrations(asked.text("registration", NewSession.MAX_NAME_LENGTH), sessions),
                asked.text("subject", NewSession.MAX_SUBJECT_LENGTH),
                asked.status(),
                asked.limit(),
                after(asked));
    }

    private static @Nullable RegistrationNames registrations(@Nullable String wanted, CallerSessions sessions) {
        return wanted == null
                ? sessions.caller().registrations()
                : RegistrationNames.of(sessions.usableWithFormer(wanted));
    }

    private static @Nullable String after(QueryParameters asked) {
        String after = asked.text("after", NewSession.MAX_NAME_LENGTH);
        if (after != null && !CallerSessions.isId(after)) {
            throw RequestBody.invalid("after", "must be the value of `next` of an earlier page.");
        }
        return after;
    }

    /** Returns a query for sessions to remove. One parameter is required, so that a missing one never removes all. */
    static SessionQuery ofSubjectOrRegistration(UriInfo uri, CallerSessions sessions) {
        var asked = QueryParameters.of(uri, "subject", "registration");
        String subject = asked.text("subject", NewSession.MAX_SUBJECT_LENGTH);
        String registration = asked.text("registration", NewSession.MAX_NAME_LENGTH);
        if (subject == null && registration == null) {
            throw RequestBody.invalid("subject", "is required, or registration.");
        }
        Caller caller = sessions.caller();
        // A whole registration only of its own: those that it was granted are not its to move out.
        Set<String> owners = subject == null ? Set.of(caller.name()) : caller.owners();
        return new SessionQuery(owners, registrations(registration, sessions), subject, null, ANY, null);
    }
}
