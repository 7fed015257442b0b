package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.refresh.IdTokenVerifier.Kept;
import dev.tokenkeep.session.RefreshOutcome;
import dev.tokenkeep.session.TokenSet;
import dev.tokenkeep.session.store.RefreshResults.Answer;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Step 3: stores what a refresh brought, at every success, before anything else is done with it. */
@Singleton
class RefreshSuccessHandler {

    private final TokenWriter answers;
    private final TokenSetFactory freshTokens;
    private final IdTokenVerifier idTokens;
    private final RefreshEventPublisher news;

    RefreshSuccessHandler(
            TokenWriter answers, TokenSetFactory freshTokens, IdTokenVerifier idTokens, RefreshEventPublisher news) {
        this.answers = answers;
        this.freshTokens = freshTokens;
        this.idTokens = idTokens;
        this.news = news;
    }

    /** Completes once it is stored, however long the database takes. */
    CompletionStage<RefreshResult> store(ClaimedRefresh refresh, Refreshed outcome, long startedNanos, Instant now) {
        Kept idToken = idTokens.check(refresh, outcome.response().idToken(), now);
        TokenSet tokens = freshTokens.refreshed(refresh, outcome.response(), idToken, startedNanos, now);
        return answers.store(new Answer(
                        refresh.session(),
                        tokens,
                        refresh.registration().refreshTokens().revokeReplaced(),
                        now))
                .thenApply(stored -> {
                    news.stored(refresh, stored);
                    if (stored != RefreshOutcome.STORED) {
                        return new RefreshResult.Changed();
                    }
                    idTokens.onceStored(refresh, idToken);
                    return freshTokens.ending(refresh.session(), tokens);
                });
    }
}
