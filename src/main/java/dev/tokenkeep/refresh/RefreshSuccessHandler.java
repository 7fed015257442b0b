package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.refresh.IdTokenVerifier.Kept;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.session.RefreshOutcome;
import dev.tokenkeep.session.TokenSet;
import dev.tokenkeep.session.store.RefreshResults.Answer;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Step 3: stores the tokens of every successful refresh before anything else is done with them. */
@Singleton
class RefreshSuccessHandler {

    private final TokenWriter writer;
    private final TokenSetFactory tokenSets;
    private final IdTokenVerifier idTokens;
    private final OwnSchedule own;
    private final RefreshEventPublisher publisher;

    RefreshSuccessHandler(
            TokenWriter writer,
            TokenSetFactory tokenSets,
            IdTokenVerifier idTokens,
            OwnSchedule own,
            RefreshEventPublisher publisher) {
        this.writer = writer;
        this.tokenSets = tokenSets;
        this.own = own;
        this.idTokens = idTokens;
        this.publisher = publisher;
    }

    /** Stores the tokens. Completes once they are stored, however long the database takes. */
    CompletionStage<RefreshResult> store(ClaimedRefresh refresh, Refreshed outcome, long startedNanos, Instant now) {
        Kept idToken = idTokens.check(refresh, outcome.response().idToken(), now);
        TokenSet tokens = tokens(refresh, outcome.response(), idToken, startedNanos, now);
        Target target = refresh.target();
        return writer.store(new Answer(
                        refresh.session(),
                        tokens,
                        refresh.registration().refreshTokens().revokeReplaced(),
                        now,
                        refresh.registration().server().origin().isOfTheApi(),
                        refresh.place()))
                .thenApply(stored -> {
                    publisher.stored(refresh, stored);
                    if (stored != RefreshOutcome.STORED) {
                        return new RefreshResult.Changed();
                    }
                    idTokens.onceStored(refresh, idToken);
                    String objection = tokens.access().objection();
                    return target != null && objection != null
                            ? new RefreshResult.TargetRefused(objection)
                            : tokenSets.ending(refresh, tokens);
                });
    }

    private TokenSet tokens(
            ClaimedRefresh refresh, TokenResponse response, Kept idToken, long startedNanos, Instant now) {
        Target target = refresh.target();
        return target == null
                ? tokenSets.refreshed(refresh, response, idToken, startedNanos, now)
                // What a target's response leaves out is as asked for (RFC 6749 §5.1).
                : own.of(
                        refresh,
                        tokenSets.refreshed(
                                refresh, response.withDefaultScope(target.scope()), idToken, startedNanos, now),
                        now);
    }
}
