package dev.tokenkeep.embedded;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TokenProvider;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.targets.TargetTokenService;
import dev.tokenkeep.tokens.AccessTokenService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Provides access tokens within the process. */
@ApplicationScoped
class CdiTokenProvider implements TokenProvider {

    private final AccessTokenService tokens;
    private final TargetTokenService targets;
    private final ApplicationAudit audit;
    private final Workers workers;

    CdiTokenProvider(AccessTokenService tokens, TargetTokenService targets, ApplicationAudit audit, Workers workers) {
        this.tokens = tokens;
        this.targets = targets;
        this.audit = audit;
        this.workers = workers;
    }

    @Override
    public AccessToken accessToken(String sessionId, Duration minTtl) {
        return Stages.joined(read(sessionId, minTtl));
    }

    @Override
    public AccessToken accessToken(String sessionId, String target, Duration minTtl) {
        return Stages.joined(read(sessionId, target, minTtl));
    }

    @Override
    public Uni<AccessToken> accessTokenAsync(String sessionId, String target, Duration minTtl) {
        return later(() -> read(sessionId, target, minTtl));
    }

    @Override
    public Uni<AccessToken> accessTokenAsync(String sessionId, Duration minTtl) {
        return later(() -> read(sessionId, minTtl));
    }

    private Uni<AccessToken> later(Supplier<CompletionStage<AccessToken>> read) {
        return Uni.createFrom().completionStage(() -> Stages.begunOn(workers.goingOn(), read));
    }

    private CompletionStage<AccessToken> read(String sessionId, String target, Duration minTtl) {
        return audit.handingOut(
                "readAccessToken",
                sessionId,
                target,
                () -> targets.read(sessionId, target, minTtl, anyone -> {}),
                AccessToken::version);
    }

    private CompletionStage<AccessToken> read(String sessionId, Duration minTtl) {
        return audit.handingOut(
                "readAccessToken", sessionId, null, () -> tokens.read(sessionId, minTtl), AccessToken::version);
    }
}
