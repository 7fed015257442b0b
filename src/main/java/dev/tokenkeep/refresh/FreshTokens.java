package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.TokenSet;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns a token response into what is stored: times become the database's, what it leaves out stays as it was. */
@Singleton
class FreshTokens {

    private static final String BEARER = "Bearer";

    private final RefreshTiming timing;

    FreshTokens(RefreshTiming timing) {
        this.timing = timing;
    }

    /** What a caller brought; its lifetimes count from {@code now}. */
    TokenSet granted(TokenResponse response, Secret refreshToken, ClientRegistration registration, Instant now) {
        Secret accessToken = response.accessToken();
        Duration lifetime = lifetime(response, registration);
        Instant expiresAt = accessToken == null ? null : now.plus(lifetime);
        var schedule = expiresAt == null
                ? new RefreshTiming.Schedule(now, null)
                : timing.next(now, expiresAt, lifetime, seed(registration, response));
        boolean dead = expiresAt != null && lifetime.isZero();
        return new TokenSet(
                refreshToken,
                true,
                plus(now, response.refreshTokenExpiresIn()),
                accessToken,
                Objects.requireNonNullElse(response.tokenType(), BEARER),
                now,
                expiresAt,
                response.scope(),
                response.idToken(),
                dead ? now : schedule.dueAt(),
                null);
    }

    /** What a refresh brought; its lifetimes count from the request's start (CONFORMANCE E). */
    TokenSet refreshed(
            ClaimedSession claimed,
            ClientRegistration registration,
            TokenResponse response,
            long startedNanos,
            Instant now) {
        Instant started = claimed.databaseTime(startedNanos);
        Duration lifetime = lifetime(response, registration);
        Instant expiresAt = started.plus(lifetime);
        Secret issued = response.refreshToken();
        var schedule = timing.next(now, expiresAt, lifetime, claimed.id() + claimed.version());
        if (claimed.outcomeOpen()) {
            schedule = schedule.notBefore(now.plus(registration.rotation().leeway()));
        }
        Instant unlessRotated = issued == null ? claimed.refreshTokenExpiresAt() : null;
        return new TokenSet(
                issued == null ? claimed.refreshToken() : issued,
                issued != null && !issued.equals(claimed.refreshToken()),
                response.refreshTokenExpiresIn() == null
                        ? unlessRotated
                        : plus(started, response.refreshTokenExpiresIn()),
                response.accessToken(),
                Objects.requireNonNullElse(response.tokenType(), BEARER),
                started,
                expiresAt,
                response.scope() == null ? claimed.scope() : response.scope(),
                response.idToken() == null ? claimed.idToken() : response.idToken(),
                schedule.dueAt(),
                schedule.notBefore());
    }

    /** The stored tokens for those who wait. */
    Ending ending(ClaimedSession claimed, TokenSet tokens) {
        Secret accessToken = tokens.accessToken();
        Instant expiresAt = tokens.accessTokenExpiresAt();
        if (accessToken == null || expiresAt == null) {
            return new Ending.Changed();
        }
        long expiresAtNanos = claimed.claimedNanos()
                + Duration.between(claimed.claimedAt(), expiresAt).toNanos();
        return new Ending.Refreshed(
                accessToken,
                Objects.requireNonNullElse(tokens.tokenType(), BEARER),
                expiresAtNanos,
                tokens.scope(),
                claimed.version() + 1);
    }

    private static Duration lifetime(TokenResponse response, ClientRegistration registration) {
        return Objects.requireNonNullElse(response.expiresIn(), registration.defaultExpiresIn());
    }

    private static @Nullable Instant plus(Instant start, @Nullable Duration time) {
        return time == null ? null : start.plus(time);
    }

    /** Sessions have no id yet when they are registered; their tokens tell them apart. */
    private static String seed(ClientRegistration registration, TokenResponse response) {
        return registration.name() + Objects.hashCode(response.refreshToken());
    }
}
