package dev.tokenkeep.embedded;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TokenProvider;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.tokens.AccessTokenService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Provides access tokens within the process. */
@ApplicationScoped
class CdiTokenProvider implements TokenProvider {

    private final AccessTokenService tokens;
    private final ApplicationAudit audit;
    private final Workers workers;

    CdiTokenProvider(AccessTokenService tokens, ApplicationAudit audit, Workers workers) {
        this.tokens = tokens;
        this.audit = audit;
        this.workers = workers;
    }

    @Override
    public AccessToken accessToken(String sessionId, Duration minTtl) {
        return Stages.joined(read(sessionId, minTtl));
    }

    @Override
    public Uni<AccessToken> accessTokenAsync(String sessionId, Duration minTtl) {
        return Uni.createFrom()
                .completionStage(() ->
                        Stages.unwrapped(CompletableFuture.supplyAsync(() -> read(sessionId, minTtl), workers.goingOn())
                                .thenCompose(read -> read)));
    }

    private CompletionStage<AccessToken> read(String sessionId, Duration minTtl) {
        return audit.handingOut(
                "readAccessToken", sessionId, () -> tokens.read(sessionId, minTtl), AccessToken::version);
    }
}
