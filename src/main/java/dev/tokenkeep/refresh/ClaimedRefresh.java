package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;

/**
 * A claimed session on its way through the steps of its refresh. A permit is held for it, and it counts as in flight.
 *
 * @param registration the session's
 */
public record ClaimedRefresh(ClaimedSession session, ClientRegistration registration) {}
