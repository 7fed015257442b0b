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

/** When a refresh token dies, by what is declared of it and what its authorization server tells. */
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
     * The ends of one refresh token.
     *
     * @param expiresAt unless it is used before; null if it is not known
     * @param grantExpiresAt used or not; null if it is not known
     * @param keepAliveAt null unless it has to be used lest it dies
     */
    public record Ends(
            @Nullable Instant expiresAt,
            @Nullable Instant grantExpiresAt,
            @Nullable Instant keepAliveAt) {}

    /** Of one that was just issued to a user who signed in. */
    public Ends granted(TokenResponse response, RefreshTokenLifetimes lifetimes, Instant now, String seed) {
        Instant grant = plus(now, lifetimes.absolute());
        return ends(plus(now, response.refreshTokenExpiresIn()), plus(now, lifetimes.inactivity()), grant, now, seed);
    }

    /**
     * Of one that was just refreshed, or used.
     *
     * @param unlessTold what was known of it before, if it is the same; else null
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
