package dev.tokenkeep.caller;

import dev.tokenkeep.session.RegistrationNames;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.settings.RateLimit;
import dev.tokenkeep.settings.RedirectUris;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service that uses the API, as configured.
 *
 * @param registrations the registrations that it may use; null for all
 * @param owners the callers whose sessions it may use: itself and those it was granted
 * @param maxConcurrency the maximum of its concurrent calls in one process
 * @param rateLimit the limit of its calls in one process; null for no limit
 * @param redirectUris where authorization servers may send its users' browsers
 * @param returnUris where the hosted callback may send them
 */
public record Caller(
        String name,
        Set<Permission> permissions,
        @Nullable RegistrationNames registrations,
        Set<String> owners,
        int maxConcurrency,
        @Nullable RateLimit rateLimit,
        RedirectUris redirectUris,
        RedirectUris returnUris) {

    public static final String ATTRIBUTE = "tokenkeep.caller";

    /**
     * Returns the caller. Methods that use this require a permission that only callers have.
     *
     * @throws ForbiddenException if the identity is not a caller and got the permission elsewhere
     */
    public static Caller of(SecurityIdentity identity) {
        Caller caller = identity.getAttribute(ATTRIBUTE);
        if (caller == null) {
            throw new ForbiddenException();
        }
        return caller;
    }

    public boolean mayUse(String registration) {
        return registrations == null || registrations.has(registration);
    }

    /**
     * Whether the caller may begin sign-ins with this registration. It must be named for the caller: the default of all
     * registrations does not count, because one caller's client must not be used by another (CONFORMANCE H24).
     */
    public boolean mayBegin(String registration) {
        return registrations != null && registrations.has(registration);
    }

    /**
     * Whether the caller may use the session: its own, or one of a caller that it was granted. Any other session does
     * not exist for it.
     */
    public boolean reaches(Session session) {
        return owners.contains(session.owner().caller()) && mayUse(session.registration());
    }
}
