package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.AccessTokenExpiry;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.refresh.timing.Backoff;
import dev.tokenkeep.refresh.timing.RefreshTiming;
import dev.tokenkeep.refresh.timing.RefreshTokenExpiry;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.Renewal;
import dev.tokenkeep.session.TokenSet;
import dev.tokenkeep.session.TokenSet.AccessToken;
import dev.tokenkeep.session.TokenSet.RefreshToken;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns a token response into the tokens to store. Times are converted to the database's clock. What the response
 * leaves out stays as it was.
 */
@Singleton
public class TokenSetFactory {

    private static final Logger LOG = Logger.getLogger(TokenSetFactory.class);

    private final RefreshTiming timing;
    private final RefreshTokenExpiry expiry;
    private final Backoff backoff;
    /** Registrations whose access token lifetime was logged as longer than a year. */
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    TokenSetFactory(RefreshTiming timing, RefreshTokenExpiry expiry, Backoff backoff) {
        this.timing = timing;
        this.expiry = expiry;
        this.backoff = backoff;
    }

    /**
     * Returns the tokens of a new grant. Their lifetimes count from {@code now}. If access tokens are to be bound to a key
     * and these were asked for without one of ours, the access token is not kept. The first refresh brings one.
     */
    public TokenSet granted(TokenResponse received, Renewal renewal, ClientRegistration registration, Instant now) {
        boolean alone = renewal.grant() == GrantType.NONE;
        boolean otherKey = registration.accessTokens().dpop().isOn() && renewal.dpopKey() == null;
        TokenResponse response = otherKey && !alone ? received.withoutAccessToken() : received;
        Secret accessToken = response.accessToken();
        boolean unending = alone && isUntold(response.expiry(), now);
        Duration lifetime = unending ? AccessToken.UNENDING : lifetime(response, registration, null, now);
        Instant expiresAt = accessToken == null ? null : now.plus(lifetime);
        String seed = seed(registration, response);
        RefreshTiming.Schedule schedule;
        if (expiresAt == null) {
            schedule = new RefreshTiming.Schedule(now, null);
        } else if (alone) {
            schedule = new RefreshTiming.Schedule(expiresAt, null);
        } else {
            schedule = timing.next(now, expiresAt, lifetime, seed);
        }
        var ends = renewal.grant() == GrantType.REFRESH_TOKEN
                ? expiry.granted(response, registration.refreshTokens().lifetimes(), now, seed)
                : RefreshTokenExpiry.NEVER;
        boolean dead = expiresAt != null && lifetime.isZero();
        return new TokenSet(
                new RefreshToken(
                        renewal.grant(),
                        renewal.credential(),
                        renewal.dpopKey(),
                        true,
                        ends.expiresAt(),
                        ends.grantExpiresAt(),
                        ends.keepAliveAt()),
                new AccessToken(
                        accessToken,
                        Objects.requireNonNullElse(response.tokenType(), TokenResponse.BEARER),
                        now,
                        expiresAt,
                        response.expiry().isDated(),
                        response.expiry().whole(),
                        null,
                        response.scope()),
                response.idToken(),
                false,
                dead ? now : schedule.dueAt(ends.keepAliveAt()),
                null);
    }

    /** Returns the tokens of a refresh. Their lifetimes count from the start of the request (CONFORMANCE E). */
    TokenSet refreshed(
            ClaimedRefresh refresh,
            TokenResponse response,
            IdTokenVerifier.Kept checked,
            long startedNanos,
            Instant now) {
        Instant started = refresh.session().databaseTime(startedNanos);
        Duration lifetime = lifetime(
                response, refresh.registration(), refresh.session().before().toldLifetime(), now);
        Instant expiresAt = started.plus(lifetime);
        // One that comes for client credentials is ignored (CONFORMANCE H19).
        boolean refreshes = refresh.session().spent().isSpent();
        Secret issued = refreshes ? response.refreshToken() : null;
        String seed = refresh.session().id() + refresh.session().spent().version();
        var schedule = timing.next(now, expiresAt, lifetime, seed);
        if (refresh.session().spent().outcomeOpen()) {
            schedule = schedule.notBefore(
                    now.plus(refresh.registration().refreshTokens().rotation().leeway()));
        }
        String objection = AccessTokenRule.objection(
                response,
                refresh.registration(),
                refresh.target(),
                refresh.session().spent().dpopKey() != null);
        if (objection != null) {
            schedule = RefreshTiming.afterObjection(
                    now, backoff.after(refresh.session().history().failures()));
        }
        var ends = refreshes ? ends(refresh, response, issued == null, started, seed) : RefreshTokenExpiry.NEVER;
        Secret spent = refresh.session().spent().refreshToken();
        return new TokenSet(
                new RefreshToken(
                        refresh.session().spent().grant(),
                        issued == null ? spent : issued,
                        refresh.session().spent().dpopKey(),
                        issued != null && !issued.equals(spent),
                        ends.expiresAt(),
                        ends.grantExpiresAt(),
                        ends.keepAliveAt()),
                new AccessToken(
                        objection == null ? response.accessToken() : null,
                        Objects.requireNonNullElse(response.tokenType(), TokenResponse.BEARER),
                        started,
                        objection == null ? expiresAt : null,
                        true,
                        told(response, refresh.session().before().toldLifetime(), now),
                        objection,
                        response.scope() == null ? refresh.session().before().scope() : response.scope()),
                checked.idToken(),
                checked.otherSubject(),
                schedule.dueAt(ends.keepAliveAt()),
                schedule.notBefore());
    }

    private RefreshTokenExpiry.Ends ends(
            ClaimedRefresh refresh, TokenResponse response, boolean same, Instant started, String seed) {
        ClaimedSession.Before before = refresh.session().before();
        return expiry.used(
                response,
                refresh.registration().refreshTokens().lifetimes(),
                same ? before.refreshTokenExpiresAt() : null,
                before.grantExpiresAt(),
                started,
                seed);
    }

    /** Returns the stored tokens for the callers that wait. */
    RefreshResult ending(ClaimedRefresh refresh, TokenSet tokens) {
        ClaimedSession claimed = refresh.session();
        Secret accessToken = tokens.access().token();
        Instant expiresAt = tokens.access().expiresAt();
        if (accessToken == null || expiresAt == null) {
            return new RefreshResult.Changed();
        }
        long expiresAtNanos = claimed.attempt().claimedNanos()
                + Duration.between(claimed.attempt().claimedAt(), expiresAt).toNanos();
        return new RefreshResult.Refreshed(
                accessToken,
                Objects.requireNonNullElse(tokens.access().type(), TokenResponse.BEARER),
                expiresAtNanos,
                tokens.access().scope(),
                refresh.target() == null
                        ? claimed.spent().shownVersion() + 1
                        : claimed.spent().version() + 1);
    }

    /** Returns whether nothing is said about the end, or only that it is more than a year away. */
    private static boolean isUntold(AccessTokenExpiry expiry, Instant now) {
        Duration lifetime = expiry.lifetime(now);
        return lifetime == null || (expiry.isBeyondReason() && lifetime.compareTo(AccessTokenExpiry.MAX_LIFETIME) >= 0);
    }

    /**
     * Returns the lifetime that the response tells, or the one {@code before}. The response was just written, so any
     * expiry in it tells the lifetime.
     */
    private static @Nullable Duration told(TokenResponse response, @Nullable Duration before, Instant now) {
        Duration lifetime = response.expiry().lifetime(now);
        boolean usable =
                lifetime != null && !lifetime.isZero() && lifetime.compareTo(AccessTokenExpiry.MAX_LIFETIME) <= 0;
        return usable ? lifetime : before;
    }

    /** @param before the lifetime that the server last stated; null if it never stated one */
    public Duration lifetime(
            TokenResponse response, ClientRegistration registration, @Nullable Duration before, Instant now) {
        if (response.expiry().isBeyondReason() && warned.add(registration.name())) {
            LOG.warnf(
                    "The authorization server of registration %s returned an access token lifetime of more than a"
                            + " year. It is read as a point in time if possible, and as one year otherwise",
                    registration.name());
        }
        Duration told = response.expiry().lifetime(now);
        return told != null
                ? AccessToken.atMostUnending(told)
                : Objects.requireNonNullElse(before, registration.accessTokens().defaultExpiresIn());
    }

    /**
     * Returns a seed that differs between sessions. Sessions have no id yet when they are registered, so their refresh
     * tokens are used.
     */
    private static String seed(ClientRegistration registration, TokenResponse response) {
        return registration.name() + Objects.hashCode(response.refreshToken());
    }
}
