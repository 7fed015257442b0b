package dev.tokenkeep.proofs;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TokenNotBoundException;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.session.CachedSession;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.store.SessionReads;
import dev.tokenkeep.session.store.SessionReads.BoundKey;
import dev.tokenkeep.targets.TargetTokenService;
import dev.tokenkeep.time.Ticker;
import dev.tokenkeep.tokens.AccessTokenService;
import dev.tokenkeep.tokens.TokenAvailability;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads access tokens with the keys that they are bound to. */
@Singleton
class PresentedTokens {

    private final AccessTokenService tokens;
    private final TargetTokenService targets;
    private final SessionReads reads;
    private final Workers workers;
    private final Ticker ticker;

    PresentedTokens(
            AccessTokenService tokens, TargetTokenService targets, SessionReads reads, Workers workers, Ticker ticker) {
        this.tokens = tokens;
        this.targets = targets;
        this.reads = reads;
        this.workers = workers;
        this.ticker = ticker;
    }

    /** @param key the text of a {@link dev.tokenkeep.jose.DpopKey} */
    record Presented(AccessToken token, Secret key, String registration) {}

    CompletionStage<Presented> read(WantedProof wanted, Consumer<Session> admission) {
        return wanted.target() == null
                ? tokens.read(wanted.sessionId(), Duration.ZERO, admission)
                        .thenApplyAsync(token -> own(wanted.sessionId(), token), workers.goingOn())
                : ofTarget(wanted.sessionId(), wanted.target(), admission);
    }

    private CompletionStage<Presented> ofTarget(String id, String target, Consumer<Session> admission) {
        return Stages.begun(() -> {
            BoundKey before = reads.dpopKey(id);
            return targets.read(id, target, Duration.ZERO, admission)
                    .thenApplyAsync(token -> presented(id, token, before), workers.goingOn());
        });
    }

    /** A token of another grant than the key's has another key. */
    private Presented presented(String id, AccessToken token, BoundKey before) {
        BoundKey now = reads.dpopKey(id);
        if (now.grantedVersion() != before.grantedVersion()) {
            throw TokenAvailability.unavailable(id);
        }
        return presented(id, token, now.value(), now.registration());
    }

    /** The session may have got other tokens, and another key, since it was read. Then its present ones are used. */
    private Presented own(String sessionId, AccessToken read) {
        SessionSnapshot current = reads.remembered(sessionId)
                .map(CachedSession::snapshot)
                .filter(cached -> isOfSession(read, cached))
                .orElseGet(() -> reads.snapshot(sessionId));
        AccessToken token = isOfSession(read, current) ? read : TokenAvailability.present(current, ticker.nanos());
        return presented(
                sessionId, token, current.access().dpopKey(), current.session().registration());
    }

    private static Presented presented(String sessionId, AccessToken token, @Nullable Secret key, String registration) {
        if (key == null || !TokenResponse.isBound(token.tokenType())) {
            throw new TokenNotBoundException(sessionId);
        }
        return new Presented(token, key, registration);
    }

    private static boolean isOfSession(AccessToken token, SessionSnapshot session) {
        return session.session().tokens().version() == token.version();
    }
}
