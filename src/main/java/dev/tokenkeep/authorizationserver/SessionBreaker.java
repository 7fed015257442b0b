package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.authorizationserver.RegistrationGuard.Breaker;
import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.time.Ticker;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;

/**
 * A circuit breaker that counts sessions. It opens when a number of sessions in a row fail, with no success among them.
 * If a session fails again that has failed before, that says nothing new about the server (CONFORMANCE L2).
 * Thread-safe.
 */
final class SessionBreaker {

    private static final Logger LOG = Logger.getLogger(SessionBreaker.class);
    private static final int IN_A_ROW = 20;
    /** What the metrics of the fault tolerance library call it. {@link GuardMetrics} has the state of each registration. */
    static final String DESCRIPTION = "tokenkeep registrations";

    /** The exception that the breaker counts as a failure. */
    private static final class Failing extends RuntimeException {

        Failing() {
            super(null, null, false, false);
        }
    }

    private final String registration;
    private final Duration open;
    private final Ticker ticker;
    private final TypedGuard<Boolean> counter;
    private volatile Breaker state = Breaker.CLOSED;
    private volatile long openedNanos;

    /** @param open how long an open breaker lets nothing through */
    SessionBreaker(String registration, Duration open, Ticker ticker) {
        this.registration = registration;
        this.open = open;
        this.ticker = ticker;
        this.counter = TypedGuard.create(Boolean.class)
                .withDescription(DESCRIPTION)
                .withCircuitBreaker()
                .failOn(Failing.class)
                .requestVolumeThreshold(IN_A_ROW)
                .failureRatio(1)
                .delay(open.toMillis(), ChronoUnit.MILLIS)
                .successThreshold(1)
                .onStateChange(this::changed)
                .done()
                .build();
    }

    private void changed(CircuitBreakerState now) {
        openedNanos = ticker.nanos();
        state = switch (now) {
            case CLOSED -> Breaker.CLOSED;
            case OPEN -> Breaker.OPEN;
            case HALF_OPEN -> Breaker.HALF_OPEN;
        };
        LOG.infof("The breaker of registration %s is %s", registration, state);
    }

    /** Returns the state. An open breaker whose time is over lets one request through, so it counts as half open. */
    Breaker state() {
        Breaker now = state;
        boolean over = ticker.nanos() - openedNanos > open.toNanos();
        return now == Breaker.OPEN && over ? Breaker.HALF_OPEN : now;
    }

    /** @param failedBefore if true, only a success counts, or the result of a probe */
    void count(boolean failedBefore, TokenResult outcome) {
        boolean failing = isFailing(outcome);
        boolean closed = state() == Breaker.CLOSED;
        if (closed && ((failing && failedBefore) || isOwnDelay(outcome))) {
            return;
        }
        try {
            counter.get(() -> {
                if (failing) {
                    throw new Failing();
                }
                return true;
            });
        } catch (Failing | CircuitBreakerOpenException e) {
            // Counted. An open breaker ignores it.
        }
    }

    /**
     * Returns whether an outcome counts as a failure: transient and unknown ones do. A server that asks to be left
     * alone is up, and its delay is obeyed anyway.
     */
    private static boolean isFailing(TokenResult outcome) {
        return switch (outcome.kind()) {
            case REFRESHED -> false;
            // A probe that was not sent says nothing good about the server.
            case UNKNOWN, NOT_SENT -> true;
            case REFUSED ->
                ((Refused) outcome).failureClass() == FailureClass.TRANSIENT
                        && ((Refused) outcome).retryAfter() == null;
        };
    }

    static boolean isOwnDelay(TokenResult outcome) {
        return outcome instanceof NotSent notSent && notSent.isOwnDelay();
    }
}
