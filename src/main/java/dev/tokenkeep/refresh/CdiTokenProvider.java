package dev.tokenkeep.refresh;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TokenProvider;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** The in-process door. */
@ApplicationScoped
class CdiTokenProvider implements TokenProvider {

    @Override
    public AccessToken accessToken(String sessionId, Duration minTtl) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Uni<AccessToken> accessTokenAsync(String sessionId, Duration minTtl) {
        throw new UnsupportedOperationException();
    }
}
