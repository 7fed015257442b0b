package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.TestClientRegistrations;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private static final ClientRegistration REGISTRATION = TestClientRegistrations.with(Map.of("max-concurrency", "2"));

    private final InFlight inFlight = new InFlight();

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
        for (int i = 0; i < 20; i++) {
            ClientRegistration hanging = TestClientRegistrations.named("hanging-" + i, Map.of("max-concurrency", "2"));
            inFlight.begin(hanging, 66);
        }
        assertThat(inFlight.count()).isBetween(1_000, 1_100);
        inFlight.slow(inFlight.count());
        assertThat(inFlight.begin(REGISTRATION, 10)).isEqualTo(2);
        assertThat(inFlight.begin(REGISTRATION, 10)).isZero();
        inFlight.over(REGISTRATION, 1);
        assertThat(inFlight.begin(REGISTRATION, 10)).isOne();
    }

    @Test
    @DisplayName("L5: where very many were begun just now the job waits for them, and nobody who is waited for does")
    void theJobWaitsWhileVeryManyHaveJustBegun() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            inFlight.begin(TestClientRegistrations.named("due-" + i, Map.of("max-concurrency", "2")), 66);
        }
        assertThat(inFlight.begin(REGISTRATION, 10)).isZero();
        assertThat(inFlight.beginAwaited(REGISTRATION)).isTrue();
        inFlight.over(REGISTRATION, 1);

        var waiting = CompletableFuture.runAsync(() -> awaitRoom(Duration.ofDays(1)));
        await().during(Duration.ofMillis(100)).until(() -> !waiting.isDone());
        inFlight.over(TestClientRegistrations.named("due-0", Map.of("max-concurrency", "2")), 66);
        waiting.join();
        assertThat(inFlight.begin(REGISTRATION, 10)).isEqualTo(10);
    }

    @Test
    void waitsForRoomNoLongerThanItIsTold() {
        inFlight.begin(TestClientRegistrations.with(Map.of("max-concurrency", "2000")), 1_500);
        awaitRoom(Duration.ofMillis(10));
        assertThat(inFlight.count()).isEqualTo(1_500);
    }

    private void awaitRoom(Duration atMost) {
        try {
            inFlight.awaitRoom(atMost);
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
