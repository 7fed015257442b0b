package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.refresh.IdTokenVerifier.Kept;
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
    private final RefreshEventPublisher publisher;

    RefreshSuccessHandler(
            TokenWriter writer, TokenSetFactory tokenSets, IdTokenVerifier idTokens, RefreshEventPublisher publisher) {
        this.writer = writer;
        this.tokenSets = tokenSets;
        this.idTokens = idTokens;
        this.publisher = publisher;
    }

    /** Stores the tokens. Completes once they are stored, however long the database takes. */
    CompletionStage<RefreshResult> store(ClaimedRefresh refresh, Refreshed outcome, long startedNanos, Instant now) {
        Kept idToken = idTokens.check(refresh, outcome.response().idToken(), now);
        TokenSet tokens = tokenSets.refreshed(refresh, outcome.response(), idToken, startedNanos, now);
        return writer.store(new Answer(
                        refresh.session(),
                        tokens,
                        refresh.registration().refreshTokens().revokeReplaced(),
                        now))
                .thenApply(stored -> {
                    publisher.stored(refresh, stored);
                    if (stored != RefreshOutcome.STORED) {
                        return new RefreshResult.Changed();
                    }
                    idTokens.onceStored(refresh, idToken);
                    return tokenSets.ending(refresh.session(), tokens);
                });
    }
}
