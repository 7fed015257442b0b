package dev.tokenkeep.refresh;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TokenProvider;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The in-process door to tokens. */
@ApplicationScoped
class CdiTokenProvider implements TokenProvider {

    private final AccessTokenReader reader;
    private final Workers workers;

    CdiTokenProvider(AccessTokenReader reader, Workers workers) {
        this.reader = reader;
        this.workers = workers;
    }

    @Override
    public AccessToken accessToken(String sessionId, Duration minTtl) {
        try {
            return reader.read(sessionId, minTtl).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException plain ? plain : e;
        }
    }

    @Override
    public Uni<AccessToken> accessTokenAsync(String sessionId, Duration minTtl) {
        return Uni.createFrom()
                .completionStage(() ->
                        Serving.unwrapped(CompletableFuture.supplyAsync(() -> reader.read(sessionId, minTtl), workers)
                                .thenCompose(read -> read)));
    }
}
