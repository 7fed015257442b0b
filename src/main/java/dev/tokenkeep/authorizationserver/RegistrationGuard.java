package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RotationPolicy;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the refreshes and one authorization server in this process: permits (taken before a session is
 * claimed, so that what is claimed is sent at once), a circuit breaker of its own, and the count of sessions that were refused
 * in a row. Both judge by sessions that have not failed before: that the same one fails again says nothing new (CONFORMANCE L2).
 * Thread-safe.
 */
public final class RegistrationGuard {

    private static final Logger LOG = Logger.getLogger(RegistrationGuard.class);
    private static final Duration OPEN = Duration.ofSeconds(10);
    /** If the pause can't be written. */
    private static final Duration SUSPENDED = Duration.ofSeconds(2);

    /** Where the breaker stands. */
    public enum Breaker {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /**
     * Permits for the job.
     *
     * @param permits how many sessions may be claimed
     * @param retries how many of them may have failed before
     * @param probe whether the one that may be claimed shows how the authorization server is
     * @param lastChancesOnly whether only what can be had now or never may be claimed
     */
    public record Grant(int permits, int retries, boolean probe, boolean lastChancesOnly) {

        static final Grant NONE = new Grant(0, 0, false, false);
    }

    private final String registration;
    private final Permits permits;
    private final boolean leeway;
    private final Ticker ticker;
    private final SessionBreaker breaker;
    private final Refusals refusals = new Refusals();
    private final Probe probe;
    private volatile @Nullable Deadline suspended;

    RegistrationGuard(ClientRegistration registration, Ticker ticker) {
        this(registration, ticker, OPEN);
    }

    /** @param open how long an open breaker lets nothing through */
    RegistrationGuard(ClientRegistration registration, Ticker ticker, Duration open) {
        this.registration = registration.name();
        this.leeway = registration.refreshTokens().rotation().kind() == RotationPolicy.Kind.LEEWAY;
        this.permits = new Permits(registration.limits().maxConcurrency());
        this.ticker = ticker;
        this.probe = new Probe(open, ticker);
        this.breaker = new SessionBreaker(registration.name(), open, ticker);
    }

    /**
     * Takes up to {@code wanted} permits for the job: one where the authorization server has to be probed, and while the breaker
     * is open only for last chances.
     */
    public Grant tryAcquire(int wanted) {
        if (wanted <= 0 || isSuspended()) {
            return Grant.NONE;
        }
        boolean probed = isProbed();
        if (breaker() == Breaker.OPEN || (probed && !probe.begin())) {
            return forLastChances(wanted);
        }
        Permits.Taken taken = permits.take(probed ? 1 : wanted, ticker.nanos());
        if (probed && taken.number() == 0) {
            probe.end();
        }
        return new Grant(taken.number(), taken.retries(), probed, false);
    }

    private Grant forLastChances(int wanted) {
        if (!leeway || breaker() == Breaker.CLOSED) {
            return Grant.NONE;
        }
        Permits.Taken taken = permits.take(wanted, ticker.nanos());
        return new Grant(taken.number(), taken.retries(), false, true);
    }

    /** Gives back what a claim did not use. */
    public void giveBack(Grant grant, int claimed, int retriesClaimed) {
        permits.giveBack(new Permits.Taken(grant.permits() - claimed, grant.retries() - retriesClaimed));
        if (grant.probe() && claimed == 0) {
            probe.end();
        }
    }

    /** Takes a permit for somebody who waits for this session. */
    public boolean tryAcquireFor(String session, boolean failedBefore) {
        boolean probed = isProbed();
        if (isShut() || (probed && !probe.begin())) {
            return false;
        }
        boolean taken = permits.takeFor(session, failedBefore, ticker.nanos());
        if (probed && !taken) {
            probe.end();
        }
        return taken;
    }

    /** Gives back what was taken for somebody, and not used. */
    public void giveBackFor(boolean failedBefore) {
        permits.release(failedBefore);
        probe.end();
    }

    /** What was taken for a session turned out to be for one that has failed before, or has not. */
    public void reclassify(boolean failedBefore) {
        permits.reclassify(failedBefore);
    }

    /** The request is over. */
    public void release(boolean failedBefore) {
        permits.release(failedBefore);
    }

    private boolean isShut() {
        return isSuspended() || breaker() == Breaker.OPEN;
    }

    /** A server that has just come back, or still refuses the client, is asked for one session at a time. */
    private boolean isProbed() {
        return breaker() == Breaker.HALF_OPEN || isRefused();
    }

    /** Gives no permits until {@link #resume}, or for a moment: what will pause the registration is not written yet. */
    public void suspend() {
        suspended = Deadline.after(ticker.nanos(), SUSPENDED);
    }

    /** The end of {@link #suspend}. */
    public void resume() {
        suspended = null;
    }

    private boolean isSuspended() {
        Deadline until = suspended;
        return until != null && !until.remaining(ticker.nanos()).isNegative();
    }

    /** What was refused until now counts no more. */
    public void forgive() {
        refusals.forgive();
    }

    /** Whether several sessions in a row were refused in a way that may be the registration's affair. */
    public boolean isRefused() {
        return refusals.concernAll();
    }

    /** Whether retries have succeeded lately. */
    public boolean isProven() {
        return permits.isProven();
    }

    /**
     * Runs a session's request, for which a permit is held. While the breaker is open nothing is sent; what the server refuses
     * is no failure of the server's.
     *
     * @param failedBefore whether it has failed since its last success: then only its success counts
     */
    public CompletionStage<TokenAnswer> call(
            String session, boolean failedBefore, Supplier<CompletionStage<TokenAnswer>> request) {
        if (breaker() == Breaker.OPEN) {
            return CompletableFuture.completedFuture(
                    new TokenAnswer(new NotSent(NotSent.BREAKER_OPEN), ticker.nanos()));
        }
        boolean probed = isProbed();
        return noted(session, failedBefore, request).whenComplete((answer, never) -> {
            if (probed) {
                probe.end();
            }
        });
    }

    /** As {@link #call}, for a session that has failed before and can't wait for the breaker: its last chance. */
    public CompletionStage<TokenAnswer> callOnce(String session, Supplier<CompletionStage<TokenAnswer>> request) {
        return noted(session, true, request);
    }

    private CompletionStage<TokenAnswer> noted(
            String session, boolean failedBefore, Supplier<CompletionStage<TokenAnswer>> request) {
        return started(request)
                .exceptionally(this::brokeOff)
                .whenComplete((answer, never) -> note(session, failedBefore, answer.outcome()));
    }

    private static CompletionStage<TokenAnswer> started(Supplier<CompletionStage<TokenAnswer>> request) {
        try {
            return request.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private TokenAnswer brokeOff(Throwable failure) {
        LOG.errorf(failure, "A request of registration %s failed unexpectedly", registration);
        return new TokenAnswer(new TokenResult.Unknown("broke_off", null), ticker.nanos());
    }

    private void note(String session, boolean failedBefore, TokenResult outcome) {
        if (failedBefore && !SessionBreaker.isOwnDelay(outcome)) {
            permits.retried(outcome.kind() == TokenResult.Kind.REFRESHED);
        }
        breaker.count(failedBefore, outcome);
        refusals.note(session, failedBefore, outcome);
        if (isRefused() && outcome.kind() == TokenResult.Kind.REFUSED) {
            // A hundred answers may be waiting to be worked on: nothing more is claimed meanwhile.
            suspend();
        }
    }

    /** Of this process. */
    public Breaker breaker() {
        return breaker.state();
    }

    /** Permits in use right now. */
    public int inUse() {
        return permits.inUse();
    }

    /** Permits free right now. */
    public int available() {
        return permits.available();
    }
}
