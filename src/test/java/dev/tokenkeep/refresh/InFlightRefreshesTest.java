package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InFlightRefreshesTest {

    private static final ClientRegistration REGISTRATION = TestClientRegistrations.with(Map.of("max-concurrency", "2"));

    private final InFlightRefreshes inFlight = new InFlightRefreshes();

    @Test
    void waitsForTheLastOne() {
        inFlight.begin(REGISTRATION, 2);
        var waiting = CompletableFuture.supplyAsync(() -> inFlight.awaitNone(Duration.ofSeconds(20)));
        inFlight.over(REGISTRATION, 1);
        await().during(Duration.ofMillis(100)).until(() -> !waiting.isDone());
        inFlight.over(REGISTRATION, 1);
        assertThat(waiting.join()).isZero();
    }

    @Test
    void tellsHowManyAreLeftWhenTheTimeIsOver() {
        inFlight.begin(REGISTRATION, 3);
        assertThat(inFlight.count()).isEqualTo(3);
        assertThat(inFlight.awaitNone(Duration.ofMillis(10))).isEqualTo(3);
    }

    @Test
    void doesNotWaitForNothing() {
        assertThat(inFlight.awaitNone(Duration.ofDays(1))).isZero();
    }

    @Test
    void anInterruptEndsTheWait() {
        inFlight.begin(REGISTRATION, 1);
        Thread.currentThread().interrupt();
        assertThat(inFlight.awaitNone(Duration.ofDays(1))).isOne();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void leavesRoomForWhatIsAskedAndForWhatWaitsToBeStored() {
        assertThat(inFlight.begin(REGISTRATION, 60)).isEqualTo(60);
        assertThat(inFlight.begin(REGISTRATION, 10)).isEqualTo(6);
        assertThat(inFlight.begin(REGISTRATION, 10)).isZero();
        inFlight.over(REGISTRATION, 66);
        assertThat(inFlight.begin(REGISTRATION, 100)).isEqualTo(66);
    }

    @Test
    @DisplayName("L5: registrations whose servers hang leave the others a few each, however many hang")
    void leavesEveryRegistrationAFew() {
        Map<String, Integer> hanging = begin("hanging", 20, 66);
        assertThat(inFlight.count()).isBetween(1_000, 1_400);
        inFlight.slow(hanging);
        assertThat(inFlight.begin(REGISTRATION, 10)).isEqualTo(2);
        assertThat(inFlight.begin(REGISTRATION, 10)).isZero();
        inFlight.over(REGISTRATION, 1);
        assertThat(inFlight.begin(REGISTRATION, 10)).isOne();
    }

    @Test
    @DisplayName("L5: a registration with a long backlog leaves each of the others one, whatever its max-concurrency")
    void aBusyRegistrationLeavesTheOthersOneEach() throws InterruptedException {
        ClientRegistration busy = TestClientRegistrations.named("busy", Map.of("max-concurrency", "2000"));
        assertThat(inFlight.begin(busy, 5_000)).isEqualTo(2_064);
        assertThat(inFlight.awaitRoom(Duration.ofDays(1))).isTrue();
        assertThat(inFlight.begin(REGISTRATION, 10)).isOne();
        assertThat(inFlight.begin(REGISTRATION, 10)).isZero();
        inFlight.over(REGISTRATION, 1);
        assertThat(inFlight.begin(REGISTRATION, 10)).isOne();
    }

    @Test
    @DisplayName("L5: servers that hang don't count among the many registrations that leave no room")
    void hangingRegistrationsLeaveRoomBesideABusyOne() throws InterruptedException {
        inFlight.slow(begin("hanging", 300, 1));
        inFlight.begin(TestClientRegistrations.named("busy", Map.of("max-concurrency", "2000")), 2_000);
        assertThat(inFlight.awaitRoom(Duration.ofDays(1))).isTrue();
        assertThat(inFlight.begin(REGISTRATION, 10)).isOne();
    }

    @Test
    @DisplayName(
            "L5: where very many of many were begun just now the job waits for them, and nobody who is waited for does")
    void theJobWaitsWhileVeryManyHaveJustBegun() throws InterruptedException {
        begin("due", 250, 4);
        assertThat(inFlight.begin(REGISTRATION, 10)).isZero();
        assertThat(inFlight.beginAwaited(REGISTRATION)).isTrue();
        inFlight.over(REGISTRATION, 1);

        var waiting = CompletableFuture.supplyAsync(() -> awaitRoom(Duration.ofDays(1)));
        await().during(Duration.ofMillis(100)).until(() -> !waiting.isDone());
        inFlight.over(TestClientRegistrations.named("due-0", Map.of("max-concurrency", "2")), 4);
        assertThat(waiting.join()).isTrue();
        assertThat(inFlight.begin(REGISTRATION, 10)).isEqualTo(10);
    }

    @Test
    void waitsForRoomNoLongerThanItIsTold() {
        begin("due", 300, 5);
        assertThat(awaitRoom(Duration.ofMillis(10))).isFalse();
        assertThat(inFlight.count()).isBetween(1_000, 1_300);
    }

    /** So many refreshes of so many registrations; how many of each were begun. */
    private Map<String, Integer> begin(String name, int registrations, int each) {
        return IntStream.range(0, registrations)
                .mapToObj(i -> TestClientRegistrations.named(name + "-" + i, Map.of("max-concurrency", "2")))
                .collect(
                        Collectors.toMap(ClientRegistration::name, registration -> inFlight.begin(registration, each)));
    }

    private boolean awaitRoom(Duration atMost) {
        try {
            return inFlight.awaitRoom(atMost);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void beginsNothingOnceItIsClosed() {
        inFlight.close();
        assertThat(inFlight.begin(REGISTRATION, 1)).isZero();
    }
}
