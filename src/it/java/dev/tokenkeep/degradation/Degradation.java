package dev.tokenkeep.degradation;

import dev.tokenkeep.testing.Trouble;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;

/** What an authorization server does while it is degraded. */
enum Degradation {
    /** Nothing: its neighbours must not be felt. */
    CONTROL,
    SLOW_7(7),
    SLOW_20(20),
    SLOW_45(45),
    /** Nothing is worked on and nothing answered, as long as it lasts. */
    HANGS,
    /** Three in ten are answered 500 and not worked on. */
    ERRORS_BEFORE,
    /** Three in ten are worked on, and answered 500. */
    ERRORS_AFTER,
    /** A proxy in front of it gives up before the answer is there. */
    GATEWAY_TIMEOUT,
    /** Three in ten connections are reset and nothing is worked on. */
    RESETS,
    /** One session in twenty is answered 500 for ever. */
    POISONED,
    /** More than half of them are. */
    POISONED_MOSTLY,
    /** Half of them are, and there is a rate limit. */
    POISONED_LIMITED,
    /** A rate limit that is a tenth too small. */
    TOO_SMALL_A_LIMIT;

    private static final double PART = 0.3;
    private static final int PROXY_SECONDS = 30;

    private final int slowSeconds;

    Degradation() {
        this(0);
    }

    Degradation(int slowSeconds) {
        this.slowSeconds = slowSeconds;
    }

    boolean isWithin(Extent extent) {
        return slowSeconds <= extent.slowest().toSeconds();
    }

    boolean isSlow() {
        return slowSeconds > 0;
    }

    /** Whether no answer arrives that tells the tokens which replace a spent one. */
    boolean losesEveryAnswer() {
        return this == GATEWAY_TIMEOUT;
    }

    /** Whether a request holds its permit for longer than a takeover may take. */
    boolean holdsPermits() {
        return this == HANGS || this == GATEWAY_TIMEOUT || slowSeconds > 20;
    }

    /** Whether its sessions that are well have to be refreshed as if nothing were wrong. */
    boolean sparesGoodSessions() {
        return this == CONTROL || badOf(100) > 0;
    }

    int sessions(Extent extent) {
        return this == POISONED_MOSTLY ? Math.max(22, extent.sessions()) : extent.sessions();
    }

    /** Sessions that fail for ever, of so many. */
    int badOf(int sessions) {
        return switch (this) {
            case POISONED -> Math.max(1, sessions / 20);
            case POISONED_MOSTLY -> sessions * 12 / 22;
            case POISONED_LIMITED -> sessions / 2;
            default -> 0;
        };
    }

    /** Null for none. */
    String rateLimit(Extent extent) {
        // Sessions are refreshed after three quarters of their lifetime.
        double perMinute = extent.sessions() * 60 / (extent.lifetime().toSeconds() * 0.75);
        return switch (this) {
            case POISONED_LIMITED -> Math.round(perMinute) + "/1m";
            case TOO_SMALL_A_LIMIT -> Math.round(perMinute * 0.9) + "/1m";
            default -> null;
        };
    }

    /** @param left of the time for which it is degraded */
    Trouble trouble(Random random, Duration left) {
        boolean met = random.nextDouble() < PART;
        return switch (this) {
            case SLOW_7, SLOW_20, SLOW_45 -> Trouble.late(Duration.ofSeconds(slowSeconds));
            case HANGS -> Trouble.cut(left);
            case ERRORS_BEFORE -> met ? Trouble.error(500, false, Duration.ZERO) : Trouble.NONE;
            case ERRORS_AFTER -> met ? Trouble.error(500, true, Duration.ZERO) : Trouble.NONE;
            case GATEWAY_TIMEOUT -> Trouble.error(504, true, shorter(Duration.ofSeconds(PROXY_SECONDS), left));
            case RESETS -> met ? Trouble.cut(Duration.ZERO) : Trouble.NONE;
            case CONTROL, POISONED, POISONED_MOSTLY, POISONED_LIMITED, TOO_SMALL_A_LIMIT -> Trouble.NONE;
        };
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
