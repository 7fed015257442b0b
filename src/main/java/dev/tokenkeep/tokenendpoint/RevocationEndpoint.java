package dev.tokenkeep.tokenendpoint;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Sends one revocation request for a refresh token (RFC 7009). */
@ApplicationScoped
public class RevocationEndpoint {

    /** Revokes; never blocks and never completes exceptionally. A registration without such an endpoint: given up. */
    public CompletionStage<RevocationOutcome> revoke(
            ClientRegistration registration, Secret refreshToken, Duration hardCap) {
        throw new UnsupportedOperationException();
    }
}
