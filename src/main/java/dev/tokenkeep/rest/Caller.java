package dev.tokenkeep.rest;

import dev.tokenkeep.session.Session;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service that uses the API, as configured.
 *
 * @param registrations those it may use; null for all
 */
record Caller(
        String name, Set<String> permissions, @Nullable Set<String> registrations) {

    static final String ATTRIBUTE = "tokenkeep.caller";

    /** Who calls. Methods that ask are guarded by a permission, which nobody but a caller has. */
    static Caller of(SecurityIdentity identity) {
        Caller caller = identity.getAttribute(ATTRIBUTE);
        if (caller == null) {
            throw new ProblemException(Problem.forbidden("This caller is not known"));
        }
        return caller;
    }

    boolean mayUse(String registration) {
        return registrations == null || registrations.contains(registration);
    }

    /** A session belongs to the caller that registered it; to all others it is not there. */
    boolean owns(Session session) {
        return session.owningCaller().equals(name) && mayUse(session.registration());
    }
}
