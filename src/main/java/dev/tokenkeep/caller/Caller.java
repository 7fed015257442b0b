package dev.tokenkeep.caller;

import dev.tokenkeep.session.Session;
import dev.tokenkeep.settings.RateLimit;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service that uses the API, as configured.
 *
 * @param registrations those it may use; null for all
 * @param owners whose sessions it may use: its own name, and those it was granted
 * @param maxConcurrency its calls under way at once, in one process
 * @param rateLimit its calls, in one process; null for no limit
 */
public record Caller(
        String name,
        Set<Permission> permissions,
        @Nullable Set<String> registrations,
        Set<String> owners,
        int maxConcurrency,
        @Nullable RateLimit rateLimit) {

    public static final String ATTRIBUTE = "tokenkeep.caller";

    /**
     * Who calls. Methods that ask are guarded by a permission, which nobody but a caller has.
     *
     * @throws ForbiddenException for an identity that got it from somebody else
     */
    public static Caller of(SecurityIdentity identity) {
        Caller caller = identity.getAttribute(ATTRIBUTE);
        if (caller == null) {
            throw new ForbiddenException();
        }
        return caller;
    }

    public boolean mayUse(String registration) {
        return registrations == null || registrations.contains(registration);
    }

    /** A session belongs to the caller that registered it; to whoever was not granted it, it is not there. */
    public boolean reaches(Session session) {
        return owners.contains(session.owner().caller()) && mayUse(session.registration());
    }
}
