package dev.tokenkeep.tokenendpoint;

import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.RefreshOutcome;
import dev.tokenkeep.oauth.RefreshOutcome.NotSent;
import dev.tokenkeep.oauth.RefreshOutcome.Refused;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the refreshes and one authorization server in this process: permits (taken before a session is
 * claimed, so that what is claimed is sent at once) and a circuit breaker of its own. Thread-safe.
 */
public final class RegistrationGuard {

    private static final Logger LOG = Logger.getLogger(RegistrationGuard.class);
    private static final int VOLUME = 20;
    private static final double FAILURE_RATIO = 0.5;
    private static final Duration OPEN = Duration.ofSeconds(10);
    /** If the pause can't be written. */
    private static final Duration HELD = Duration.ofSeconds(2);

    /** Where the breaker stands. */
    public enum Breaker {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /** An outcome on its way through the breaker, which counts exceptions. */
    private static final class Failing extends RuntimeException {

        private final transient TokenAnswer answer;

        Failing(TokenAnswer answer) {
            super(null, null, false, false);
            this.answer = answer;
        }
    }

    private final String registration;
    private final int most;
    private final Semaphore permits;
    private final Duration open;
    private final Ticker ticker;
    private final TypedGuard<CompletionStage<TokenAnswer>> guard;
    private volatile Breaker breaker = Breaker.CLOSED;
    private volatile long openedNanos;
    private volatile @Nullable Deadline held;

    RegistrationGuard(ClientRegistration registration, Ticker ticker) {
        this(registration, ticker, OPEN);
    }

    /** @param open how long an open breaker lets nothing through */
    RegistrationGuard(ClientRegistration registration, Ticker ticker, Duration open) {
        this.registration = registration.name();
        this.most = registration.maxConcurrency();
        this.open = open;
        this.permits = new Semaphore(most);
        this.ticker = ticker;
        this.guard = TypedGuard.create(new TypeLiteral<CompletionStage<TokenAnswer>>() {})
                .withDescription("tokenkeep " + registration.name())
                .withCircuitBreaker()
                .failOn(Failing.class)
                .requestVolumeThreshold(VOLUME)
                .failureRatio(FAILURE_RATIO)
                .delay(open.toMillis(), ChronoUnit.MILLIS)
                .successThreshold(1)
                .onStateChange(this::changed)
                .done()
                // On the calling thread and in its trace: left alone, the guard hands what a Vert.x thread asks for to
                // another.
                .withThreadOffload(true)
                .withThreadOffloadExecutor(Runnable::run)
                .build();
    }

    private void changed(CircuitBreakerState state) {
        openedNanos = ticker.nanos();
        breaker = switch (state) {
            case CLOSED -> Breaker.CLOSED;
            case OPEN -> Breaker.OPEN;
            case HALF_OPEN -> Breaker.HALF_OPEN;
        };
        LOG.infof("The breaker of registration %s is %s", registration, breaker);
    }

    /**
     * Takes up to {@code wanted} permits and answers how many: none while the breaker is open, and one altogether once its
     * time is over, to probe with.
     */
    public int tryAcquire(int wanted) {
        if (isHeld()) {
            return 0;
        }
        return switch (breaker()) {
            case OPEN -> 0;
            case HALF_OPEN -> wanted > 0 ? acquireProbe() : 0;
            case CLOSED -> {
                int taken = 0;
                while (taken < wanted && permits.tryAcquire()) {
                    taken++;
                }
                yield taken;
            }
        };
    }

    /** Gives no permits until {@link #letGo}, or for a moment: what will pause the registration is not written yet. */
    public void hold() {
        held = Deadline.after(ticker.nanos(), HELD);
    }

    /** The end of {@link #hold}. */
    public void letGo() {
        held = null;
    }

    private boolean isHeld() {
        Deadline until = held;
        return until != null && !until.remaining(ticker.nanos()).isNegative();
    }

    /** One permit if nobody else has any: two probes would cost one of them its attempt. */
    private int acquireProbe() {
        if (!permits.tryAcquire(most)) {
            return 0;
        }
        permits.release(most - 1);
        return 1;
    }

    /** Gives permits back, used or not. */
    public void release(int number) {
        permits.release(number);
    }

    /**
     * Runs a request, for which a permit is held, through the breaker. An open breaker gives a NotSent answer; what the
     * server refuses is no failure of the server's.
     */
    public CompletionStage<TokenAnswer> call(Supplier<CompletionStage<TokenAnswer>> request) {
        var result = new CompletableFuture<TokenAnswer>();
        guarded(request).whenComplete((answer, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause == null) {
                result.complete(answer);
            } else if (cause instanceof Failing failing) {
                result.complete(failing.answer);
            } else if (cause instanceof CircuitBreakerOpenException) {
                result.complete(new TokenAnswer(new NotSent("breaker_open"), ticker.nanos()));
            } else {
                LOG.errorf(cause, "A request of registration %s broke off", registration);
                result.complete(new TokenAnswer(new RefreshOutcome.Unknown("broke_off", null), ticker.nanos()));
            }
        });
        return result;
    }

    private CompletionStage<TokenAnswer> guarded(Supplier<CompletionStage<TokenAnswer>> request) {
        try {
            return guard.get(() -> request.get().thenApply(answer -> {
                if (failing(answer.outcome())) {
                    throw new Failing(answer);
                }
                return answer;
            }));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Transient and ambiguous endings count; a server that asks to be left alone is up, and its pause is obeyed anyway. */
    private boolean failing(RefreshOutcome outcome) {
        return switch (outcome.kind()) {
            case REFRESHED -> false;
            case UNKNOWN -> true;
            // A probe that did not leave the house tells nothing good of the server.
            case NOT_SENT -> !outcome.code().equals(NotSent.LEASE_TOO_SHORT) || breaker() != Breaker.CLOSED;
            case REFUSED ->
                ((Refused) outcome).failureClass() == FailureClass.TRANSIENT
                        && ((Refused) outcome).retryAfter() == null;
        };
    }

    /** An open breaker whose time is over lets one request through: it is half open in effect. */
    public Breaker breaker() {
        Breaker now = breaker;
        boolean over = ticker.nanos() - openedNanos > open.toNanos();
        return now == Breaker.OPEN && over ? Breaker.HALF_OPEN : now;
    }

    /** Permits free right now. */
    public int available() {
        return permits.availablePermits();
    }
}
