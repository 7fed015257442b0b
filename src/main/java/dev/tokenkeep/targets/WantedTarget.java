package dev.tokenkeep.targets;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.targets.TargetToken;
import dev.tokenkeep.session.targets.TargetTokens.Place;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A target of a session, as it was read.
 *
 * @param stored its stored token, also if it has expired; null if there is none, or none that may be served
 * @param refused the version that a resource server has refused; empty if none has
 */
record WantedTarget(
        SessionSnapshot seen,
        ClientRegistration registration,
        Target target,
        @Nullable TargetToken stored,
        OptionalLong refused) {

    /** Returns the stored token, unless a resource server has refused it. */
    @Nullable
    TargetToken usable() {
        return stored == null || refused.equals(OptionalLong.of(stored.version())) ? null : stored;
    }

    /** Returns what only one request at a time is for. */
    String flight() {
        return session().id() + " " + seen.attempt().grantedVersion() + " " + target.name();
    }

    WantedTarget with(@Nullable TargetToken found) {
        return new WantedTarget(seen, registration, target, found, refused);
    }

    WantedTarget refusing(OptionalLong version) {
        return new WantedTarget(seen, registration, target, stored, version);
    }

    Session session() {
        return seen.session();
    }

    Place place() {
        return new Place(
                session().id(),
                session().registration(),
                target.name(),
                target.settings(),
                seen.attempt().grantedVersion());
    }
}
