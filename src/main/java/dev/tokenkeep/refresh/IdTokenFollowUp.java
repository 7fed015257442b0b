package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.JsonWebKeys;
import dev.tokenkeep.authorizationserver.JsonWebKeys.Signature;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.refresh.timing.RefreshLimits;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.store.RefreshResults;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** Verifies a stored ID token whose key had to be fetched first; nobody waits for it. */
@Singleton
class IdTokenFollowUp {

    private static final Logger LOG = Logger.getLogger(IdTokenFollowUp.class);

    private final JsonWebKeys keys;
    private final RefreshResults results;
    private final RefreshLimits limits;
    private final RefreshMetrics metrics;
    private final Workers workers;

    IdTokenFollowUp(
            JsonWebKeys keys, RefreshResults results, RefreshLimits limits, RefreshMetrics metrics, Workers workers) {
        this.keys = keys;
        this.results = results;
        this.limits = limits;
        this.metrics = metrics;
        this.workers = workers;
    }

    CompletionStage<Void> verify(ClaimedSession claimed, ClientRegistration registration, Secret idToken) {
        return keys.signatureOnceFetched(registration, idToken, limits.hardCap(registration))
                .thenAcceptAsync(signature -> settle(claimed, registration, signature), workers.goingOn())
                .exceptionally(failure -> {
                    DatabaseFailure.log(
                            LOG,
                            failure,
                            "An ID token of session %s that can't be believed is still there",
                            claimed.id());
                    return null;
                });
    }

    private void settle(ClaimedSession claimed, ClientRegistration registration, Signature signature) {
        switch (signature) {
            case VALID -> metrics.of(registration).idTokenChecked("valid");
            // The server's keys are out of reach: no reason to distrust what it said over TLS.
            case UNKNOWN_KEY, NO_KEYS -> metrics.of(registration).idTokenChecked("not_verified");
            case INVALID -> {
                metrics.of(registration).idTokenChecked("invalid");
                LOG.warnf("The refreshed ID token of session %s is taken back: signature", claimed.id());
                results.takeBackIdToken(claimed);
            }
        }
    }
}
