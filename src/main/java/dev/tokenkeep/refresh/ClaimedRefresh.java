package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.targets.TargetTokens;
import org.jspecify.annotations.Nullable;

/**
 * A claimed session on its way through the steps of its refresh. It holds a permit and counts as in flight.
 *
 * @param registration the session's registration
 * @param target what the access token is for; null for the session's own
 */
public record ClaimedRefresh(
        ClaimedSession session,
        ClientRegistration registration,
        @Nullable Target target) {

    /** A refresh of the session's own access token. */
    public ClaimedRefresh(ClaimedSession session, ClientRegistration registration) {
        this(session, registration, null);
    }

    /** Returns where the access token is stored if it is for a target; null for the session's own. */
    TargetTokens.@Nullable Place place() {
        return target == null
                ? null
                : new TargetTokens.Place(
                        session.id(),
                        session.registration(),
                        target.name(),
                        target.settings(),
                        session.before().grantedVersion());
    }
}
