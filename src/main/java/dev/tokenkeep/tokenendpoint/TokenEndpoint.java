package dev.tokenkeep.tokenendpoint;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Deadline;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Sends one refresh request and gives its one outcome. */
@ApplicationScoped
public class TokenEndpoint {

    /**
     * Refreshes; never blocks and never completes exceptionally: every ending is an outcome.
     *
     * @param leaseEnd nothing is sent unless {@code hardCap} is left until then, looked at just before the first byte
     * @param hardCap when the request is given up, counted from its first byte
     */
    public CompletionStage<TokenAnswer> refresh(
            ClientRegistration registration, Secret refreshToken, Deadline leaseEnd, Duration hardCap) {
        throw new UnsupportedOperationException();
    }
}
