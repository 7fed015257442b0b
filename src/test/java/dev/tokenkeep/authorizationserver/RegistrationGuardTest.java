package dev.tokenkeep.authorizationserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.authorizationserver.RegistrationGuard.Breaker;
import dev.tokenkeep.oauth.AccessTokenExpiry;
import dev.tokenkeep.oauth.FailureClass;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.oauth.TokenResult.Unknown;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class RegistrationGuardTest {

    private static final Duration SHORTLY = Duration.ofMillis(200);
    private static final Duration FOR_LONG = Duration.ofMinutes(10);
    private static final int VOLUME = 20;

    private static final TokenResult REFRESHED =
            new Refreshed(new TokenResponse(Secret.of("at"), null, AccessTokenExpiry.UNTOLD, null, null, null, null));
    private static final TokenResult UNKNOWN = new Unknown("timeout", null);
    private static final TokenResult NOT_CONNECTED = new NotSent("connect_failed");
    private static final TokenResult UNAVAILABLE = new Refused(FailureClass.TRANSIENT, "temporarily_unavailable", null);
    private static final TokenResult THROTTLED = new Refused(FailureClass.TRANSIENT, "http_429", Duration.ofDays(1));
    private static final TokenResult LATE = new NotSent("lease_too_short");
    private static final TokenResult REFUSED_CLIENT =
            new Refused(FailureClass.REGISTRATION_WRONG, "invalid_client", null);
    private static final TokenResult DEAD = new Refused(FailureClass.GRANT_DEAD, "invalid_grant", null);

    /** Of two permits. */
    private final ClientRegistration registration = WireRegistrations.at(URI.create("https://as.example/token"));

    @Inject
    Ticker ticker;

    @Inject
    RegistrationGuards guards;

    @Test
    void givesNoMorePermitsThanTheRegistrationHas() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);

        assertThat(guard.tryAcquire(0).permits()).isZero();
        JobPermits both = guard.tryAcquire(5);
        assertThat(both).isEqualTo(new JobPermits(2, 1, false, false));
        assertThat(guard.tryAcquire(1).permits()).isZero();
        assertThat(guard.available()).isZero();
        guard.giveBack(both, 2, 0);
        guard.release(false);
        assertThat(guard.available()).isOne();
        assertThat(guard.tryAcquire(5).permits()).isOne();
    }

    @Test
    void asksOnTheCallersThread() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);
        var asking = new CompletableFuture<Thread>();

        guard.call("session", false, () -> {
            asking.complete(Thread.currentThread());
            return CompletableFuture.completedFuture(new TokenAnswer(REFRESHED, 0));
        });

        assertThat(asking).isCompletedWithValue(Thread.currentThread());
    }

    @Test
    void givesNoPermitsWhileItIsHeldButNotForEver() {
        var ahead = new AtomicLong();
        var guard = new RegistrationGuard(registration, ahead::get, FOR_LONG);

        guard.suspend();
        assertThat(guard.tryAcquire(1).permits()).isZero();
        assertThat(guard.tryAcquireFor("session", false)).isFalse();
        guard.resume();
        assertThat(guard.tryAcquire(1).permits()).isOne();
        guard.suspend();
        ahead.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(guard.tryAcquire(1).permits()).isOne();
    }

    @Test
    void countsALastChanceAsWhatItIs() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);
        guard.callOnce("taken-over", false, () -> CompletableFuture.completedFuture(new TokenAnswer(REFRESHED, 0)));
        assertThat(guard.isProven()).as("no retry has succeeded").isFalse();
        for (int i = 0; i < 20; i++) {
            guard.callOnce(
                    "session-" + i, false, () -> CompletableFuture.completedFuture(new TokenAnswer(UNAVAILABLE, 0)));
        }
        assertThat(guard.breaker()).isEqualTo(Breaker.OPEN);
        guard.callOnce("retried", true, () -> CompletableFuture.completedFuture(new TokenAnswer(REFRESHED, 0)));
        assertThat(guard.isProven()).isTrue();
    }

    @Test
    @DisplayName("L2: while the server is in doubt, requests that concern no session wait")
    void givesNothingAsideWhileTheServerIsInDoubt() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);
        assertThat(guard.tryAcquireAside(5)).isOne();
        guard.releaseAside(1);
        for (int failure = 0; failure < VOLUME; failure++) {
            fail(guard, UNKNOWN);
        }
        assertThat(guard.breaker()).isEqualTo(Breaker.OPEN);
        assertThat(guard.tryAcquireAside(5)).isZero();
    }

    @Test
    void passesEveryOutcomeOnAsItIs() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);

        for (TokenResult outcome : List.of(REFRESHED, UNKNOWN, NOT_CONNECTED, UNAVAILABLE, THROTTLED, LATE, DEAD)) {
            var answer = new TokenAnswer(outcome, 17);
            assertThat(guard.call("session", false, () -> CompletableFuture.completedFuture(answer))
                            .toCompletableFuture()
                            .join())
                    .isSameAs(answer);
        }
    }

    @Test
    void opensForOutagesAndAmbiguousEndings() {
        for (TokenResult outage : List.of(UNKNOWN, NOT_CONNECTED, UNAVAILABLE)) {
            var guard = opened(outage, FOR_LONG);

            assertThat(guard.breaker()).isEqualTo(Breaker.OPEN);
            assertThat(guard.tryAcquire(2).permits()).isZero();
            var reached = new AtomicInteger();
            assertThat(guard.call("session", false, () -> {
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
        for (TokenResult outcome : List.of(REFRESHED, DEAD, THROTTLED, LATE)) {
            assertThat(opened(outcome, FOR_LONG).breaker()).isEqualTo(Breaker.CLOSED);
        }
    }

    @Test
    @DisplayName("L2: that the same session fails again opens nothing")
    void countsSessionsAndNotRequests() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);

        for (int i = 0; i < 5 * VOLUME; i++) {
            call(guard, "bad-" + i % 12, true, UNKNOWN);
        }

        assertThat(guard.breaker()).isEqualTo(Breaker.CLOSED);
    }

    @Test
    @DisplayName("L2: one that succeeds among them shows that the server is up, though it had failed before")
    void oneThatSucceedsAmongThemKeepsItClosed() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);

        for (int i = 0; i < 5 * VOLUME; i++) {
            call(guard, "session-" + i, i % 10 == 0, i % 10 == 0 ? REFRESHED : UNKNOWN);
        }

        assertThat(guard.breaker()).isEqualTo(Breaker.CLOSED);
    }

    @Test
    @DisplayName("L3: a half-open breaker probes with one session, and closes when it succeeds")
    void probesWithOneRequestAndClosesWhenItSucceeds() {
        var guard = opened(UNKNOWN, SHORTLY);
        await().until(() -> guard.breaker() == Breaker.HALF_OPEN);

        JobPermits probe = guard.tryAcquire(2);
        assertThat(probe).isEqualTo(new JobPermits(1, 1, true, false));
        assertThat(guard.tryAcquire(2).permits()).isZero();
        assertThat(guard.tryAcquireFor("reader", false)).isFalse();
        var answer = new CompletableFuture<TokenAnswer>();
        var probing = guard.call("probe", false, () -> answer).toCompletableFuture();

        guard.giveBack(probe, 1, 0);
        answer.complete(new TokenAnswer(REFRESHED, 0));
        assertThat(probing.orTimeout(10, TimeUnit.SECONDS).join().outcome()).isEqualTo(REFRESHED);
        guard.release(false);
        assertThat(guard.breaker()).isEqualTo(Breaker.CLOSED);
        assertThat(guard.tryAcquire(2).permits()).isEqualTo(2);
    }

    @Test
    @DisplayName("L3: a probe that hangs, or that found no session, does not keep the next one waiting")
    void aProbeThatHangsDoesNotKeepTheNextOneWaiting() {
        var ahead = new AtomicLong();
        var guard = new RegistrationGuard(registration, () -> ticker.nanos() + ahead.get(), SHORTLY);
        fail(guard, UNKNOWN);
        ahead.addAndGet(2 * SHORTLY.toNanos());

        JobPermits unused = guard.tryAcquire(1);
        assertThat(unused.probe()).isTrue();
        guard.giveBack(unused, 0, 0);
        assertThat(guard.tryAcquire(1).probe()).isTrue();
        assertThat(guard.tryAcquire(1).permits()).isZero();
        ahead.addAndGet(2 * SHORTLY.toNanos());
        assertThat(guard.tryAcquireFor("reader", false)).isTrue();
    }

    @Test
    @DisplayName(
            "D: it takes several sessions in a row, none of which had failed before, to show that the client is refused")
    void severalRefusedInARowAreTheRegistrationsAffair() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);

        for (int i = 0; i < 10; i++) {
            call(guard, "one", false, REFUSED_CLIENT);
            call(guard, "another", false, REFUSED_CLIENT);
            call(guard, "again", true, REFUSED_CLIENT);
        }
        assertThat(guard.isRefused()).isFalse();
        JobPermits both = guard.tryAcquire(2);
        assertThat(both.permits()).isEqualTo(2);
        guard.giveBack(both, 0, 0);

        call(guard, "third", false, REFUSED_CLIENT);
        assertThat(guard.isRefused()).isTrue();
        assertThat(guard.tryAcquire(2).permits())
                .as("until the pause is written")
                .isZero();
        guard.resume();
        assertThat(guard.tryAcquire(2))
                .as("one session shows whether it still is")
                .isEqualTo(new JobPermits(1, 1, true, false));

        call(guard, "one", true, REFRESHED);
        assertThat(guard.isRefused()).isFalse();
        assertThat(guard.tryAcquire(2).permits()).isOne();
    }

    @Test
    @DisplayName("B6: one session that is throttled is no registration that is; several in a row are")
    void oneThatIsThrottledIsNotAll() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);

        call(guard, "one", false, THROTTLED);
        call(guard, "another", false, THROTTLED);
        assertThat(guard.isRefused()).isFalse();
        call(guard, "third", false, THROTTLED);
        assertThat(guard.isRefused()).isTrue();
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
    void theGaugesOfAllOthersAreAddedUpAndThereAreNoneOfWhatIsNotUsed() {
        var meters = new SimpleMeterRegistry();
        var made = new RegistrationGuards(new GuardMetrics(meters, new RegistrationTags(() -> 2)), ticker);
        assertThat(meters.getMeters()).isEmpty();
        for (String name : new String[] {"one", "another", "third", "fourth"}) {
            ClientRegistration registration = TestClientRegistrations.named(name, Map.of("max-concurrency", "4"));
            made.of(registration).tryAcquire(1);
        }
        assertThat(permits(meters, "one", "free")).isEqualTo(3);
        assertThat(permits(meters, "(other)", "free")).isEqualTo(6);
        assertThat(permits(meters, "(other)", "in_use")).isEqualTo(2);
        assertThat(meters.find("tokenkeep.permits").tag("registration", "third").gauge())
                .isNull();
    }

    private static double permits(MeterRegistry meters, String registration, String state) {
        return meters.get("tokenkeep.permits")
                .tags("registration", registration, "state", state)
                .gauge()
                .value();
    }

    @Test
    void survivesARequestThatThrows() {
        var guard = new RegistrationGuard(registration, ticker, FOR_LONG);

        TokenResult outcome = guard.call("session", false, () -> {
                    throw new IllegalStateException("a fault of ours");
                })
                .toCompletableFuture()
                .join()
                .outcome();

        assertThat(outcome).isEqualTo(new Unknown("broke_off", null));
    }

    private RegistrationGuard opened(TokenResult outcome, Duration open) {
        var guard = new RegistrationGuard(registration, ticker, open);
        fail(guard, outcome);
        return guard;
    }

    private static void fail(RegistrationGuard guard, TokenResult outcome) {
        for (int i = 0; i < VOLUME; i++) {
            call(guard, "session-" + i, false, outcome);
        }
    }

    private static TokenResult call(RegistrationGuard guard, TokenResult outcome) {
        return call(guard, "session", false, outcome);
    }

    private static TokenResult call(
            RegistrationGuard guard, String session, boolean failedBefore, TokenResult outcome) {
        return guard.call(session, failedBefore, () -> CompletableFuture.completedFuture(new TokenAnswer(outcome, 0)))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join()
                .outcome();
    }
}
