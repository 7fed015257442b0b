package dev.tokenkeep.targets;

import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.refresh.AccessTokenRule;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.refresh.TokenSetFactory;
import dev.tokenkeep.session.TokenSet;
import dev.tokenkeep.session.targets.TargetTokens;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Stores access tokens that came of an exchange. One that cannot be stored is handed out all the same. */
@Singleton
class ExchangedTokens {

    private static final Logger LOG = Logger.getLogger(ExchangedTokens.class);

    private final TargetTokens stored;
    private final TokenSetFactory tokenSets;
    private final Clock clock;
    private final Ticker ticker;

    ExchangedTokens(TargetTokens stored, TokenSetFactory tokenSets, Clock clock, Ticker ticker) {
        this.stored = stored;
        this.tokenSets = tokenSets;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Returns the token for those who wait. Its lifetime counts from the start of the request (CONFORMANCE E). */
    RefreshResult received(WantedTarget wanted, TokenResponse received, boolean askedWithKey, long startedNanos) {
        TokenResponse response = received.withDefaultScope(wanted.target().scope());
        String objection = AccessTokenRule.objection(response, wanted.registration(), wanted.target(), askedWithKey);
        if (objection != null) {
            return new RefreshResult.TargetRefused(objection);
        }
        String type = Objects.requireNonNullElse(response.tokenType(), TokenResponse.BEARER);
        long version = wanted.stored() == null ? 1 : wanted.stored().version() + 1;
        Duration lifetime = tokenSets.lifetime(response, wanted.registration(), null, clock.instant());
        store(wanted, response, type, lifetime, startedNanos, version);
        return new RefreshResult.Refreshed(
                Objects.requireNonNull(response.accessToken()),
                type,
                startedNanos + lifetime.toNanos(),
                response.scope(),
                version);
    }

    private void store(
            WantedTarget wanted,
            TokenResponse response,
            String type,
            Duration lifetime,
            long startedNanos,
            long version) {
        try {
            Instant started = stored.now().minusNanos(ticker.nanos() - startedNanos);
            var access = new TokenSet.AccessToken(
                    response.accessToken(), type, started, started.plus(lifetime), true, null, null, response.scope());
            stored.store(wanted.place(), access, version);
        } catch (RuntimeException e) {
            DatabaseFailure.log(
                    LOG,
                    e,
                    "Cannot store an access token for target %s",
                    wanted.target().name());
        }
    }
}
