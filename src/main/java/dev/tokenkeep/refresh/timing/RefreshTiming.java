package dev.tokenkeep.refresh.timing;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When to refresh: pure rules of times (CONFORMANCE E). */
@Singleton
public class RefreshTiming {

    private static final double JITTER = 0.2;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration STALLED = Duration.ofSeconds(5);

    private static final Duration LONGEST_KEEP_ALIVE_MARGIN = Duration.ofDays(1);
    private static final Duration SHORTEST_KEEP_ALIVE = Duration.ofSeconds(10);

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
     * @param notBefore set where the new token is inside its margin already: even a reader has to wait that long
     */
    public record Schedule(Instant dueAt, @Nullable Instant notBefore) {

        /**
         * After an outcome that had been unknown: the request that was given up may still be under way, and be refused with
         * the whole grant once its refresh token is not even the previous one any more. So nobody, forced or not, spends
         * the new one before the leeway is over, or the token needs it.
         */
        public Schedule notBefore(Instant leewayOver) {
            Instant held = leewayOver.isBefore(dueAt) ? leewayOver : dueAt;
            return notBefore != null && notBefore.isAfter(held) ? this : new Schedule(dueAt, held);
        }

        /** Due no later than {@code keepAliveAt}. */
        public Instant dueAt(@Nullable Instant keepAliveAt) {
            return keepAliveAt != null && keepAliveAt.isBefore(dueAt) ? keepAliveAt : dueAt;
        }
    }

    /** How long before its expiry a token of this lifetime is refreshed. */
    public Duration margin(Duration lifetime) {
        Duration fraction = Duration.ofNanos((long) (nanos(lifetime) * marginFraction));
        return fraction.compareTo(margin) < 0 ? fraction : margin;
    }

    /** What a reader's {@code min_ttl} comes to: capped, so that no value makes every read refresh. */
    public Duration effectiveMinTtl(Duration asked, Duration lifetime) {
        Duration cap = margin(lifetime);
        return asked.compareTo(cap) < 0 ? asked : cap;
    }

    /**
     * After a token was obtained.
     *
     * @param seed tells sessions apart, so that equal expiries are spread
     */
    public Schedule next(Instant now, Instant expiresAt, Duration lifetime, String seed) {
        Duration ahead = margin(lifetime);
        Duration jitter = Duration.ofNanos((long) (nanos(ahead) * JITTER * spread(seed)));
        Instant due = expiresAt.minus(ahead).minus(jitter);
        Instant earliest = now.plus(shortestWait(lifetime));
        return due.isBefore(earliest) ? new Schedule(earliest, earliest) : new Schedule(due, null);
    }

    /** The server answers what can't be served, and may do so again: each answer spends a refresh token. */
    public static Schedule afterObjection(Instant now, Duration backoff) {
        Instant next = now.plus(backoff.compareTo(STALLED) < 0 ? STALLED : backoff);
        return new Schedule(next, next);
    }

    /**
     * When a refresh token has to be used lest it dies of disuse; null if no use of it helps any more: what the
     * authorization server did not prolong just now it will not prolong a moment later.
     *
     * @param refreshTokenExpiresAt unless it is used
     * @param grantExpiresAt whether it is used or not; null if that is not known
     */
    static @Nullable Instant keepAlive(
            Instant now, Instant refreshTokenExpiresAt, @Nullable Instant grantExpiresAt, String seed) {
        if (grantExpiresAt != null && !refreshTokenExpiresAt.isBefore(grantExpiresAt)) {
            return null;
        }
        Duration fraction = Duration.between(now, refreshTokenExpiresAt).dividedBy(4);
        Duration ahead = fraction.compareTo(LONGEST_KEEP_ALIVE_MARGIN) < 0 ? fraction : LONGEST_KEEP_ALIVE_MARGIN;
        Duration jitter = Duration.ofNanos((long) (nanos(ahead) * JITTER * spread(seed)));
        Instant due = refreshTokenExpiresAt.minus(ahead).minus(jitter);
        return due.isBefore(now.plus(SHORTEST_KEEP_ALIVE)) ? null : due;
    }

    /** A token that arrives (almost) dead must not be asked for again at once. */
    private static Duration shortestWait(Duration lifetime) {
        if (lifetime.compareTo(SHORTEST) <= 0) {
            return STALLED;
        }
        Duration half = lifetime.dividedBy(2);
        return half.compareTo(SHORTEST) < 0 ? SHORTEST : half.compareTo(STALLED) < 0 ? half : STALLED;
    }

    /** From 0 to 1, evenly over different seeds. */
    private static double spread(String seed) {
        long mixed = seed.hashCode() * 0x9E3779B97F4A7C15L;
        return (mixed >>> 11) * 0x1.0p-53;
    }

    private static double nanos(Duration duration) {
        return duration.getSeconds() * 1e9 + duration.getNano();
    }
}
