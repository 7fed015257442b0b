package dev.tokenkeep.refresh.timing;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Decides when to refresh. Holds pure rules about times (CONFORMANCE E). */
@Singleton
public class RefreshTiming {

    private static final double JITTER = 0.2;
    private static final Duration MIN_DELAY = Duration.ofSeconds(1);
    private static final Duration STALLED = Duration.ofSeconds(5);

    private static final Duration MAX_KEEP_ALIVE_MARGIN = Duration.ofDays(1);
    private static final Duration MIN_KEEP_ALIVE = Duration.ofSeconds(10);

    private final Duration margin;
    private final double marginFraction;

    @Inject
    RefreshTiming(RefreshConfig config) {
        this(config.margin(), config.marginFraction());
    }

    RefreshTiming(Duration margin, double marginFraction) {
        this.margin = margin;
        this.marginFraction = marginFraction;
    }

    /**
     * When a session is refreshed next.
     *
     * @param notBefore the earliest refresh, even for a caller that waits; set if the new token is already inside its
     *     margin; null for no limit
     */
    public record Schedule(Instant dueAt, @Nullable Instant notBefore) {

        /**
         * Postpones the next refresh, forced or not, after an earlier outcome was unknown. The request that was given
         * up may still be under way. Once its refresh token is not even the previous one any more, that request may be
         * refused and the whole grant revoked. So the new refresh token is not spent before the leeway is over or the
         * access token needs it.
         */
        public Schedule notBefore(Instant leewayOver) {
            Instant held = leewayOver.isBefore(dueAt) ? leewayOver : dueAt;
            return notBefore != null && notBefore.isAfter(held) ? this : new Schedule(dueAt, held);
        }

        /** Returns when the session is due, no later than {@code keepAliveAt}. */
        public Instant dueAt(@Nullable Instant keepAliveAt) {
            return keepAliveAt != null && keepAliveAt.isBefore(dueAt) ? keepAliveAt : dueAt;
        }
    }

    /** Returns how long before its expiry a token of this lifetime is refreshed. */
    public Duration margin(Duration lifetime) {
        Duration fraction = Duration.ofNanos((long) (nanos(lifetime) * marginFraction));
        return fraction.compareTo(margin) < 0 ? fraction : margin;
    }

    /** Returns a caller's {@code min_ttl}, capped so that no value makes every read refresh. */
    public Duration effectiveMinTtl(Duration asked, Duration lifetime) {
        Duration cap = margin(lifetime);
        return asked.compareTo(cap) < 0 ? asked : cap;
    }

    /**
     * Returns the schedule after a token was obtained.
     *
     * @param seed differs between sessions, so that equal expiries are spread
     */
    public Schedule next(Instant now, Instant expiresAt, Duration lifetime, String seed) {
        Duration ahead = margin(lifetime);
        Duration jitter = Duration.ofNanos((long) (nanos(ahead) * JITTER * spread(seed)));
        Instant due = expiresAt.minus(ahead).minus(jitter);
        Instant earliest = now.plus(shortestWait(lifetime));
        return due.isBefore(earliest) ? new Schedule(earliest, earliest) : new Schedule(due, null);
    }

    /**
     * Returns the schedule after an access token that cannot be served. The authorization server may return such a
     * token again, and each response spends a refresh token.
     */
    public static Schedule afterObjection(Instant now, Duration backoff) {
        Instant next = now.plus(backoff.compareTo(STALLED) < 0 ? STALLED : backoff);
        return new Schedule(next, next);
    }

    /**
     * Returns when a refresh token must be used so that it does not expire from inactivity; null if using it no longer
     * helps. If the authorization server did not extend the expiry just now, it will not do so a moment later.
     *
     * @param refreshTokenExpiresAt when it expires if it is not used
     * @param grantExpiresAt when the grant ends even if it is used; null if that is not known
     */
    static @Nullable Instant keepAlive(
            Instant now, Instant refreshTokenExpiresAt, @Nullable Instant grantExpiresAt, String seed) {
        if (grantExpiresAt != null && !refreshTokenExpiresAt.isBefore(grantExpiresAt)) {
            return null;
        }
        Duration fraction = Duration.between(now, refreshTokenExpiresAt).dividedBy(4);
        Duration ahead = fraction.compareTo(MAX_KEEP_ALIVE_MARGIN) < 0 ? fraction : MAX_KEEP_ALIVE_MARGIN;
        Duration jitter = Duration.ofNanos((long) (nanos(ahead) * JITTER * spread(seed)));
        Instant due = refreshTokenExpiresAt.minus(ahead).minus(jitter);
        return due.isBefore(now.plus(MIN_KEEP_ALIVE)) ? null : due;
    }

    /**
     * Returns the shortest wait until the next refresh. A token that arrives (almost) expired must not be requested
     * again at once.
     */
    private static Duration shortestWait(Duration lifetime) {
        if (lifetime.compareTo(MIN_DELAY) <= 0) {
            return STALLED;
        }
        Duration half = lifetime.dividedBy(2);
        return half.compareTo(MIN_DELAY) < 0 ? MIN_DELAY : half.compareTo(STALLED) < 0 ? half : STALLED;
    }

    /** Returns a number from 0 to 1, spread evenly over different seeds. */
    private static double spread(String seed) {
        long mixed = seed.hashCode() * 0x9E3779B97F4A7C15L;
        return (mixed >>> 11) * 0x1.0p-53;
    }

    private static double nanos(Duration duration) {
        return duration.getSeconds() * 1e9 + duration.getNano();
    }
}
