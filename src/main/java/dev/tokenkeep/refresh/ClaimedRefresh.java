package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;

/**
 * A claimed session on its way through the steps of its refresh. It holds a permit and counts as in flight.
 *
 * @param registration the session's registration
 */
public record ClaimedRefresh(ClaimedSession session, ClientRegistration registration) {}
