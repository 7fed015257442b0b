package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.JsonWebKeys;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.jose.JwkSet.Signature;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.store.RefreshResults;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** Verifies a stored ID token whose key had to be fetched first; nobody waits for it. */
@Singleton
class DeferredIdTokenVerification {

    private static final Logger LOG = Logger.getLogger(DeferredIdTokenVerification.class);

    private final JsonWebKeys keys;
    private final RefreshResults results;
    private final RefreshMetrics metrics;
    private final Workers workers;

    DeferredIdTokenVerification(JsonWebKeys keys, RefreshResults results, RefreshMetrics metrics, Workers workers) {
        this.keys = keys;
        this.results = results;
        this.metrics = metrics;
        this.workers = workers;
    }

    CompletionStage<Void> verify(ClaimedRefresh refresh, Secret idToken) {
        return keys.signatureOnceFetched(refresh.registration(), idToken)
                .thenAcceptAsync(signature -> settle(refresh, signature), workers.goingOn())
                .exceptionally(failure -> {
                    DatabaseFailure.log(
                            LOG,
                            failure,
                            "Cannot remove an invalid ID token of session %s",
                            refresh.session().id());
                    return null;
                });
    }

    private void settle(ClaimedRefresh refresh, Signature signature) {
        switch (signature) {
            case VALID -> metrics.of(refresh.registration()).idTokenChecked("valid");
            // The keys cannot be fetched. That is no reason to distrust what the server said over TLS.
            case UNKNOWN_KEY -> metrics.of(refresh.registration()).idTokenChecked("not_verified");
            case INVALID -> {
                metrics.of(refresh.registration()).idTokenChecked("invalid");
                LOG.warnf(
                        "Removed the refreshed ID token of session %s: invalid signature",
                        refresh.session().id());
                results.takeBackIdToken(refresh.session());
            }
        }
    }
}
