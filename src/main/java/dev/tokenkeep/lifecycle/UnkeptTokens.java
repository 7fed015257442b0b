package dev.tokenkeep.lifecycle;

import dev.tokenkeep.authorizationserver.RevocationEndpoint;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.revocation.Revocations;
import jakarta.inject.Singleton;

/** Revokes tokens that came and that no session could keep. */
@Singleton
public class UnkeptTokens {

    private final ClientNames names;
    private final Revocations revocations;
    private final RevocationEndpoint endpoint;

    UnkeptTokens(ClientNames names, Revocations revocations, RevocationEndpoint endpoint) {
        this.names = names;
        this.revocations = revocations;
        this.endpoint = endpoint;
    }

    /**
     * Revokes a token. If the API added the registration, this is tried once, at once: later its name may belong to another
     * client. Otherwise it is tried in the background until it succeeds or is given up.
     *
     * @param registration as it was when the token was asked for
     * @param origin what it came from, such as the id of a sign-in
     */
    public void revoke(ClientRegistration registration, String origin, Secret token) {
        if (registration.server().origin().isOfTheApi()) {
            endpoint.revoke(registration, token, RevocationEndpoint.MAX_DURATION);
        } else {
            names.used(registration);
            revocations.addUnkept(origin, registration.name(), token);
        }
    }
}
