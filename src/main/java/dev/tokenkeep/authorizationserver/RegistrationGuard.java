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
 * Stands between the refreshes of a registration and its authorization server in this process. Holds permits, which are
 * taken before a session is claimed, so that claimed sessions are sent at once. Has its own circuit breaker and counts
 * the sessions refused in a row. Both judge by sessions that have not failed before: another failure of the same
 * session says nothing new (CONFORMANCE L2). Thread-safe.
 */
public final class RegistrationGuard {

    private static final Logger LOG = Logger.getLogger(RegistrationGuard.class);
    private static final Duration OPEN = Duration.ofSeconds(10);
    /** How long permits are held back if the pause cannot be stored. */
    private static final Duration SUSPENDED = Duration.ofSeconds(2);

    /** The states of the breaker. */
    public enum Breaker {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    private final String registration;
    private final Permits permits;
    private volatile boolean leeway;
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
        this.permits = new Permits(registration.limits().maxConcurrency());
        this.ticker = ticker;
        this.probe = new Probe(open, ticker);
        this.breaker = new SessionBreaker(registration.name(), open, ticker);
        follow(registration);
    }

    /** Follows the settings, which may change. Requests under way keep their permits. */
    void follow(ClientRegistration current) {
        leeway = current.refreshTokens().rotation().kind() == RotationPolicy.Kind.LEEWAY;
        permits.limit(current.limits().maxConcurrency());
    }

    /**
     * Takes up to {@code wanted} permits for the job. Takes only one if the authorization server has to be probed.
     * While the breaker is open, takes permits only for last chances.
     */
    public JobPermits tryAcquire(int wanted) {
        if (wanted <= 0 || isSuspended()) {
            return JobPermits.NONE;
        }
        boolean probed = isProbed();
        if (breaker() == Breaker.OPEN || (probed && !probe.begin())) {
            return forLastChances(wanted);
        }
        Permits.Taken taken = permits.take(probed ? 1 : wanted, ticker.nanos());
        if (probed && taken.number() == 0) {
            probe.end();
        }
        return new JobPermits(taken.number(), taken.retries(), probed, false);
    }

    private JobPermits forLastChances(int wanted) {
        if (!leeway || breaker() == Breaker.CLOSED) {
            return JobPermits.NONE;
        }
        Permits.Taken taken = permits.take(wanted, ticker.nanos());
        return new JobPermits(taken.number(), taken.retries(), false, true);
    }

    /** Gives back what a claim did not use. */
    public void giveBack(JobPermits grant, int claimed, int retriesClaimed) {
        permits.giveBack(new Permits.Taken(grant.permits() - claimed, grant.retries() - retriesClaimed));
        if (grant.probe() && claimed == 0) {
            probe.end();
        }
    }

    /** Takes a permit for a caller that waits for this session. */
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

    /** Gives back a permit that was taken for a caller and not used. */
    public void giveBackFor(boolean failedBefore) {
        permits.release(failedBefore);
        probe.end();
    }

    /** Corrects a permit: its session turned out to have failed before, or not to have failed before. */
    public void reclassify(boolean failedBefore) {
        permits.reclassify(failedBefore);
    }

    /** Gives back the permit of a request that is over. */
    public void release(boolean failedBefore) {
        permits.release(failedBefore);
    }

    /** Takes up to {@code wanted} permits beside the sessions' own refreshes; none while the server is in doubt. */
    public int tryAcquireAside(int wanted) {
        return wanted <= 0 || isShut() || isProbed() ? 0 : permits.takeAside(wanted, ticker.nanos());
    }

    public void releaseAside(int number) {
        permits.releaseAside(number);
    }

    private boolean isShut() {
        return isSuspended() || breaker() == Breaker.OPEN;
    }

    /** Returns whether one session at a time is tried: the server has just come back, or still refuses the client. */
    private boolean isProbed() {
        return breaker() == Breaker.HALF_OPEN || isRefused();
    }

    /** Gives no permits until {@link #resume}, or at most for a moment: the pause is being stored. */
    public void suspend() {
        suspended = Deadline.after(ticker.nanos(), SUSPENDED);
    }

    /** Ends {@link #suspend}. */
    public void resume() {
        suspended = null;
    }

    private boolean isSuspended() {
        Deadline until = suspended;
        return until != null && !until.remaining(ticker.nanos()).isNegative();
    }

    /** Forgets the refusals up to now. */
    public void forgive() {
        refusals.forgive();
    }

    /** Returns whether several sessions in a row were refused in a way that may concern the whole registration. */
    public boolean isRefused() {
        return refusals.concernAll();
    }

    /** Returns whether retries have succeeded lately. */
    public boolean isProven() {
        return permits.isProven();
    }

    /**
     * Runs a session's request, for which a permit is held. Sends nothing while the breaker is open. A refusal counts
     * as a failure of the server only if it is transient.
     *
     * @param failedBefore whether the session has failed since its last success; then only a success counts
     */
    public CompletionStage<TokenAnswer> call(
            String session, boolean failedBefore, Supplier<CompletionStage<TokenAnswer>> request) {
        return unlessOpen(() -> callOnce(session, failedBefore, request));
    }

    /** Does the same as {@link #call} for the client itself. The result does not count for users' sessions. */
    public CompletionStage<TokenAnswer> callUncounted(Supplier<CompletionStage<TokenAnswer>> request) {
        return unlessOpen(() -> callAside(request));
    }

    private CompletionStage<TokenAnswer> unlessOpen(Supplier<CompletionStage<TokenAnswer>> request) {
        if (breaker() == Breaker.OPEN) {
            return CompletableFuture.completedFuture(
                    new TokenAnswer(new NotSent(NotSent.BREAKER_OPEN), ticker.nanos()));
        }
        boolean probed = isProbed();
        return request.get().whenComplete((answer, never) -> {
            if (probed) {
                probe.end();
            }
        });
    }

    /** Does the same as {@link #call}, but does not wait for the breaker, because this is the session's last chance. */
    public CompletionStage<TokenAnswer> callOnce(
            String session, boolean failedBefore, Supplier<CompletionStage<TokenAnswer>> request) {
        return callAside(request).whenComplete((answer, never) -> note(session, failedBefore, answer.outcome()));
    }

    /** Runs a request with a permit that was taken aside. Its result does not count. What is thrown becomes an unknown one. */
    public CompletionStage<TokenAnswer> callAside(Supplier<CompletionStage<TokenAnswer>> request) {
        return CompletableFuture.<Void>completedStage(null)
                .thenCompose(begun -> request.get())
                .exceptionally(this::brokeOff);
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
            // A hundred responses may be waiting to be processed. Nothing more is claimed meanwhile.
            suspend();
        }
    }

    /** Returns the state of the breaker in this process. */
    public Breaker breaker() {
        return breaker.state();
    }

    /** Returns the number of permits in use right now. */
    public int inUse() {
        return permits.inUse();
    }

    /** Returns the number of permits free right now. */
    public int available() {
        return permits.available();
    }
}
