package dev.tokenkeep.refresh.scheduling;

import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.concurrent.SingleFlight;
import dev.tokenkeep.refresh.ClaimedRefresh;
import dev.tokenkeep.refresh.RefreshMetrics;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.refresh.RegistrationMeters;
import dev.tokenkeep.refresh.RegistrationMeters.Avoided;
import dev.tokenkeep.refresh.TracedRefresh;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.session.ClaimCondition;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Coordinates the refreshes under way in this process: one per session, whether the job or a caller started it. */
@Singleton
public class RefreshCoordinator {

    private static final Duration UNREGISTERED_RETRY_AFTER = Duration.ofMinutes(1);
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    private final SingleFlight<RefreshResult> flights = new SingleFlight<>();
    private final TracedRefresh refresh;
    private final OnDemandRefresh onDemand;
    private final RefreshWaitTracing tracing;
    private final ClientRegistrations registrations;
    private final RefreshTimeouts timeouts;
    private final RefreshMetrics metrics;

    RefreshCoordinator(
            TracedRefresh refresh,
            OnDemandRefresh onDemand,
            RefreshWaitTracing tracing,
            ClientRegistrations registrations,
            RefreshTimeouts timeouts,
            RefreshMetrics metrics) {
        this.refresh = refresh;
        this.onDemand = onDemand;
        this.tracing = tracing;
        this.registrations = registrations;
        this.timeouts = timeouts;
        this.metrics = metrics;
    }

    /** Refreshes a session that the job has claimed. Callers may join. */
    CompletionStage<RefreshResult> claimed(ClaimedRefresh claimed) {
        CompletionStage<RefreshResult> ending = refresh.refresh(claimed);
        flights.offer(claimed.session().id(), ending);
        return ending;
    }

    /**
     * Joins the refresh under way, here or on another replica, or starts one. The caller has read the session as
     * {@code seen}.
     */
    public CompletableFuture<RefreshResult> needed(Session seen) {
        return awaited(seen, registration -> from(seen, registration, false));
    }

    /** Does the same as {@link #needed}, whether or not the session is due. */
    public CompletableFuture<RefreshResult> forcedFrom(Session seen) {
        return awaited(seen, registration -> from(seen, registration, true));
    }

    /** Joins or starts a refresh that begins after this call. */
    public CompletableFuture<RefreshResult> forced(Session seen) {
        return awaited(
                seen,
                registration -> flights.joinNext(
                        seen.id(),
                        () -> onDemand.start(seen, registration, ClaimCondition.any(true), null),
                        () -> metrics.of(registration).avoided(Avoided.JOINED)));
    }

    /**
     * Gets an access token for a target by a refresh, joins one under way here, or waits for one of another replica. The
     * result says whether the session has been refreshed otherwise since it was read as {@code seen}. Completes when the
     * request is over, however long that takes.
     *
     * @param wanted what is asked for, and where callers meet that share a request: different from every session's id
     * @param concluded is called once for each request
     */
    public CompletableFuture<RefreshResult> forTarget(
            SessionSnapshot seen,
            ClientRegistration registration,
            Flight wanted,
            UnaryOperator<RefreshResult> concluded) {
        Session session = seen.session();
        var unspent = ClaimCondition.unspent(seen.attempt().refreshTokenVersion());
        try (var waiting = tracing.begin(session.id(), registration)) {
            return waiting.until(flights.join(
                    wanted.name(),
                    () -> onDemand.start(session, registration, unspent, wanted.target())
                            .thenApply(concluded),
                    () -> metrics.of(registration).avoided(Avoided.JOINED)));
        }
    }

    /** A request for a target that several callers may share. */
    public record Flight(String name, Target target) {}

    private CompletableFuture<RefreshResult> from(Session seen, ClientRegistration registration, boolean forced) {
        RegistrationMeters meters = metrics.of(registration);
        return flights.join(
                seen.id(),
                () -> onDemand.start(
                                seen,
                                registration,
                                ClaimCondition.version(forced, seen.tokens().version()),
                                null)
                        .whenComplete((ending, failure) -> {
                            if (ending instanceof RefreshResult.Moved) {
                                meters.avoided(Avoided.MOVED);
                            }
                        }),
                () -> meters.avoided(Avoided.JOINED));
    }

    /** Returns the result of the refresh, or of the timeout. A timeout ends the wait, but not the refresh. */
    private CompletableFuture<RefreshResult> awaited(
            Session seen, Function<ClientRegistration, CompletableFuture<RefreshResult>> flight) {
        return registrations
                .find(seen.registration())
                .map(registration -> waited(seen, registration, flight))
                .orElseGet(() -> CompletableFuture.completedFuture(
                        new RefreshResult.NotNow(Reason.REGISTRATION_MISSING, UNREGISTERED_RETRY_AFTER)));
    }

    private CompletableFuture<RefreshResult> waited(
            Session seen,
            ClientRegistration registration,
            Function<ClientRegistration, CompletableFuture<RefreshResult>> flight) {
        Duration timeout = timeouts.timeout(registration);
        try (var waiting = tracing.begin(seen.id(), registration)) {
            return waiting.until(flight.apply(registration))
                    .completeOnTimeout(notNow(DEFAULT_RETRY_AFTER), timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private static RefreshResult notNow(Duration retryAfter) {
        return new RefreshResult.NotNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, retryAfter);
    }
}
