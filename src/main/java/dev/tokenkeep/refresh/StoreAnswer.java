package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.RefreshOutcome.Refreshed;
import dev.tokenkeep.refresh.IdTokenCheck.Kept;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.TokenSet;
import dev.tokenkeep.session.store.RefreshResults.Answer;
import dev.tokenkeep.session.store.RefreshResults.Stored;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Step 3: stores what a refresh brought, at every success, before anything else is done with it. */
@Singleton
class StoreAnswer {

    private final AnswerBatches answers;
    private final FreshTokens freshTokens;
    private final IdTokenCheck idTokens;
    private final RefreshNews news;

    StoreAnswer(AnswerBatches answers, FreshTokens freshTokens, IdTokenCheck idTokens, RefreshNews news) {
        this.answers = answers;
        this.freshTokens = freshTokens;
        this.idTokens = idTokens;
        this.news = news;
    }

    /** Completes once it is stored, however long the database takes. */
    CompletionStage<Ending> store(
            ClaimedSession claimed,
            ClientRegistration registration,
            Refreshed outcome,
            long startedNanos,
            Instant now) {
        Kept idToken = idTokens.check(claimed, registration, outcome.response().idToken(), now);
        TokenSet tokens = freshTokens.refreshed(claimed, registration, outcome.response(), idToken, startedNanos, now);
        return answers.store(new Answer(claimed, tokens, registration.revokeReplaced(), now))
                .thenApply(stored -> {
                    news.stored(claimed, registration, stored);
                    if (stored != Stored.STORED) {
                        return new Ending.Changed();
                    }
                    idTokens.onceStored(claimed, registration, idToken);
                    return freshTokens.ending(claimed, tokens);
                });
    }
}
