package dev.tokenkeep.refresh.timing;

import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.RefreshTokenLifetimes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Computes when a refresh token expires, from the configured lifetimes and the authorization server's token responses.
 */
@Singleton
public class RefreshTokenExpiry {

    private final boolean keepAlive;

    @Inject
    RefreshTokenExpiry(RefreshConfig config) {
        this(config.keepAlive());
    }

    RefreshTokenExpiry(boolean keepAlive) {
        this.keepAlive = keepAlive;
    }

    /**
     * When one refresh token expires.
     *
     * @param expiresAt when it expires if it is not used before; null if that is not known
     * @param grantExpiresAt when the grant ends, used or not; null if that is not known
     * @param keepAliveAt when it must be used so that it does not expire; null if it need not be used
     */
    public record Ends(
            @Nullable Instant expiresAt,
            @Nullable Instant grantExpiresAt,
            @Nullable Instant keepAliveAt) {}

    /** Of a session that has no refresh token. */
    public static final Ends NEVER = new Ends(null, null, null);

    /** Returns the dates of a refresh token that was just issued to a user who signed in. */
    public Ends granted(TokenResponse response, RefreshTokenLifetimes lifetimes, Instant now, String seed) {
        Instant grant = plus(now, lifetimes.absolute());
        return ends(plus(now, response.refreshTokenExpiresIn()), plus(now, lifetimes.inactivity()), grant, now, seed);
    }

    /**
     * Returns the dates of a refresh token that was just issued by a refresh, or used for one.
     *
     * @param unlessTold the expiry known before, for a refresh token that stays the same; null for a new one
     */
    public Ends used(
            TokenResponse response,
            RefreshTokenLifetimes lifetimes,
            @Nullable Instant unlessTold,
            @Nullable Instant grantExpiresAt,
            Instant started,
            String seed) {
        Instant inactive = plus(started, lifetimes.inactivity());
        Instant told = plus(started, response.refreshTokenExpiresIn());
        boolean nothingNew = told == null && inactive == null;
        return ends(nothingNew ? unlessTold : told, inactive, grantExpiresAt, started, seed);
    }

    private Ends ends(
            @Nullable Instant told, @Nullable Instant inactive, @Nullable Instant grant, Instant now, String seed) {
        Instant expiresAt = Stream.of(told, inactive, grant)
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
        Instant keepAliveAt =
                keepAlive && expiresAt != null ? RefreshTiming.keepAlive(now, expiresAt, grant, seed) : null;
        return new Ends(expiresAt, grant, keepAliveAt);
    }

    private static @Nullable Instant plus(Instant start, @Nullable Duration time) {
        return time == null ? null : start.plus(time);
    }
}
