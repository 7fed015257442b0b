package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.RefreshOutcome.Refreshed;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.RefreshResults;
import dev.tokenkeep.session.RefreshResults.Stored;
import dev.tokenkeep.session.TokenSet;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** Step 3: stores what a refresh brought, at every success, before anything else is done with it. */
@Singleton
class StoreAnswer {

    private static final Logger LOG = Logger.getLogger(StoreAnswer.class);

    private final RefreshResults results;
    private final HeldAnswers held;
    private final FreshTokens freshTokens;
    private final RegistrationFaults faults;
    private final SessionEvents events;

    StoreAnswer(
            RefreshResults results,
            HeldAnswers held,
            FreshTokens freshTokens,
            RegistrationFaults faults,
            SessionEvents events) {
        this.results = results;
        this.held = held;
        this.freshTokens = freshTokens;
        this.faults = faults;
        this.events = events;
    }

    /** Completes once it is stored, however long the database takes. */
    CompletionStage<Ending> store(
            ClaimedSession claimed,
            ClientRegistration registration,
            Refreshed outcome,
            long startedNanos,
            Instant now) {
        faults.succeeded(registration);
        TokenSet tokens = freshTokens.refreshed(claimed, registration, outcome.response(), startedNanos, now);
        return held.write(claimed.attemptId(), () -> results.store(claimed, tokens, registration.revokeReplaced(), now))
                .thenApply(stored -> ending(claimed, tokens, stored));
    }

    private Ending ending(ClaimedSession claimed, TokenSet tokens, Stored stored) {
        if (stored == Stored.STORED || stored == Stored.UNPROVEN) {
            events.refreshed(claimed);
        } else {
            LOG.infof("A refresh of session %s ended %s", claimed.id(), stored);
        }
        return stored == Stored.STORED ? freshTokens.ending(claimed, tokens) : new Ending.Changed();
    }
}
