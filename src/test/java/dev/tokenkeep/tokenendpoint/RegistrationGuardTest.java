package dev.tokenkeep.tokenendpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.RefreshOutcome;
import dev.tokenkeep.oauth.RefreshOutcome.NotSent;
import dev.tokenkeep.oauth.RefreshOutcome.Refreshed;
import dev.tokenkeep.oauth.RefreshOutcome.Refused;
import dev.tokenkeep.oauth.RefreshOutcome.Unknown;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.time.Ticker;
import dev.tokenkeep.tokenendpoint.RegistrationGuard.Breaker;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
class RegistrationGuardTest {

    private static final Duration SHORTLY = Duration.ofMillis(200);
    private static final Duration FOR_LONG = Duration.ofMinutes(10);
    private static final int VOLUME = 20;

    private static final RefreshOutcome REFRESHED =
            new Refreshed(new TokenResponse(Secret.of("at"), null, null, null, null, null, null));
    private static final RefreshOutcome UNKNOWN = new Unknown("timeout", null);
    private static final RefreshOutcome NOT_CONNECTED = new NotSent("connect_failed");
    private static final RefreshOutcome UNAVAILABLE =
            new Refused(FailureClass.TRANSIENT, "temporarily_unavailable", null);
    private static final RefreshOutcome THROTTLED = new Refused(FailureClass.TRANSIENT, "http_429", Duration.ofDays(1));
    private static final RefreshOutcome LATE = new NotSent("lease_too_short");
    private static final RefreshOutcome DEAD = new Refused(FailureClass.GRANT_DEAD, "invalid_grant", null);

    /** Of two permits. */
    private final ClientRegistration registration = WireRegistrations.at(URI.create("https://as.example/token"));

    @Inject
    Ticker ticker;

    @Inject
    Vertx vertx;

    @Inject
    RegistrationGuards guards;

    @Test
    void givesNoMorePermitsThanTheRegistrationHas() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);

        assertThat(guard.tryAcquire(0)).isZero();
        assertThat(guard.tryAcquire(5)).isEqualTo(2);
        assertThat(guard.tryAcquire(1)).isZero();
        assertThat(guard.available()).isZero();
        guard.release(1);
        assertThat(guard.available()).isOne();
        assertThat(guard.tryAcquire(5)).isOne();
    }

    @Test
    void asksOnTheCallersThreadWhateverThreadThatIs() throws Exception {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);
        var threads = vertx.getOrCreateContext()
                .executeBlocking(() -> {
                    var asking = new CompletableFuture<Thread>();
                    guard.call(() -> {
                        asking.complete(Thread.currentThread());
                        return CompletableFuture.completedFuture(new TokenAnswer(REFRESHED, ticker.nanos()));
                    });
                    return List.of(Thread.currentThread(), asking.get(5, TimeUnit.SECONDS));
                })
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        assertThat(threads.get(1)).isSameAs(threads.get(0));
    }

    @Test
    void givesNoPermitsWhileItIsHeldButNotForEver() {
        var ahead = new AtomicLong();
        var guard = new RegistrationGuard(registration, ahead::get, FOR_LONG);

        guard.hold();
        assertThat(guard.tryAcquire(1)).isZero();
        guard.letGo();
        assertThat(guard.tryAcquire(1)).isOne();
        guard.hold();
        ahead.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(guard.tryAcquire(1)).isOne();
    }

    @Test
    void passesEveryOutcomeOnAsItIs() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);

        for (RefreshOutcome outcome : List.of(REFRESHED, UNKNOWN, NOT_CONNECTED, UNAVAILABLE, THROTTLED, LATE, DEAD)) {
            var answer = new TokenAnswer(outcome, 17);
            assertThat(guard.call(() -> CompletableFuture.completedFuture(answer))
                            .toCompletableFuture()
                            .join())
                    .isSameAs(answer);
        }
    }

    @Test
    void opensForOutagesAndAmbiguousEndings() {
        for (RefreshOutcome outage : List.of(UNKNOWN, NOT_CONNECTED, UNAVAILABLE)) {
            var guard = opened(outage, FOR_LONG);

            assertThat(guard.breaker()).isEqualTo(Breaker.OPEN);
            assertThat(guard.tryAcquire(2)).isZero();
            var reached = new AtomicInteger();
            assertThat(guard.call(() -> {
                                reached.incrementAndGet();
                                return CompletableFuture.completedFuture(new TokenAnswer(REFRESHED, 0));
                            })
                            .toCompletableFuture()
                            .join()
                            .outcome())
                    .isEqualTo(new NotSent("breaker_open"));
            assertThat(reached).hasValue(0);
        }
    }

    @Test
    void staysClosedForWhatIsNoOutage() {
        for (RefreshOutcome outcome : List.of(REFRESHED, DEAD, THROTTLED, LATE)) {
            assertThat(opened(outcome, FOR_LONG).breaker()).isEqualTo(Breaker.CLOSED);
        }
    }

    @Test
    void probesWithOneRequestAndClosesWhenItSucceeds() {
        var guard = opened(UNKNOWN, SHORTLY);
        await().until(() -> guard.breaker() == Breaker.HALF_OPEN);

        assertThat(guard.tryAcquire(2)).isOne();
        assertThat(guard.tryAcquire(2)).isZero();
        var probe = new CompletableFuture<TokenAnswer>();
        var probing = guard.call(() -> probe).toCompletableFuture();
        assertThat(call(guard, REFRESHED)).isEqualTo(new NotSent("breaker_open"));

        probe.complete(new TokenAnswer(REFRESHED, 0));
        assertThat(probing.orTimeout(10, TimeUnit.SECONDS).join().outcome()).isEqualTo(REFRESHED);
        guard.release(1);
        assertThat(guard.breaker()).isEqualTo(Breaker.CLOSED);
        assertThat(guard.tryAcquire(2)).isEqualTo(2);
    }

    @Test
    void opensAgainWhenItsProbeFails() {
        var guard = opened(UNKNOWN, SHORTLY);
        await().until(() -> guard.breaker() == Breaker.HALF_OPEN);

        call(guard, NOT_CONNECTED);

        assertThat(guard.breaker()).isEqualTo(Breaker.OPEN);
        await().until(() -> guard.breaker() == Breaker.HALF_OPEN);
    }

    @Test
    void aProbeThatWasNeverSentDoesNotClose() {
        var guard = opened(UNKNOWN, SHORTLY);
        await().until(() -> guard.breaker() == Breaker.HALF_OPEN);

        call(guard, LATE);

        assertThat(guard.breaker()).isEqualTo(Breaker.OPEN);
    }

    @Test
    void oneRegistrationsOutageOpensNoOthersBreaker() {
        ClientRegistration other = WireRegistrations.at(URI.create("https://as.example/token"));
        fail(guards.of(registration), UNKNOWN);

        assertThat(guards.of(registration)).isSameAs(guards.of(registration));
        assertThat(guards.of(registration).breaker()).isEqualTo(Breaker.OPEN);
        assertThat(guards.of(other).breaker()).isEqualTo(Breaker.CLOSED);
        assertThat(call(guards.of(other), REFRESHED)).isEqualTo(REFRESHED);
    }

    @Test
    void survivesARequestThatThrows() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);

        RefreshOutcome outcome = guard.call(() -> {
                    throw new IllegalStateException("a fault of ours");
                })
                .toCompletableFuture()
                .join()
                .outcome();

        assertThat(outcome).isEqualTo(new Unknown("broke_off", null));
    }

    private RegistrationGuard opened(RefreshOutcome outcome, Duration open) {
        var guard = new RegistrationGuard(registration, ticker, open);
        fail(guard, outcome);
        return guard;
    }

    private static void fail(RegistrationGuard guard, RefreshOutcome outcome) {
        for (int i = 0; i < VOLUME; i++) {
            call(guard, outcome);
        }
    }

    private static RefreshOutcome call(RegistrationGuard guard, RefreshOutcome outcome) {
        return guard.call(() -> CompletableFuture.completedFuture(new TokenAnswer(outcome, 0)))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join()
                .outcome();
    }
}
