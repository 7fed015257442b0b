package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.TestClientRegistrations;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private static final ClientRegistration REGISTRATION = TestClientRegistrations.with(Map.of("max-concurrency", "2"));

    private final InFlight inFlight = new InFlight();

    @Test
    void waitsForTheLastOne() {
        inFlight.begun(REGISTRATION, 2);
        var waiting = CompletableFuture.supplyAsync(() -> inFlight.awaitNone(Duration.ofSeconds(20)));
        inFlight.over(REGISTRATION, 1);
        await().during(Duration.ofMillis(100)).until(() -> !waiting.isDone());
        inFlight.over(REGISTRATION, 1);
        assertThat(waiting.join()).isZero();
    }

    @Test
    void tellsHowManyAreLeftWhenTheTimeIsOver() {
        inFlight.begun(REGISTRATION, 3);
        assertThat(inFlight.count()).isEqualTo(3);
        assertThat(inFlight.awaitNone(Duration.ofMillis(10))).isEqualTo(3);
    }

    @Test
    void doesNotWaitForNothing() {
        assertThat(inFlight.awaitNone(Duration.ofDays(1))).isZero();
    }

    @Test
    void anInterruptEndsTheWait() {
        inFlight.begun(REGISTRATION, 1);
        Thread.currentThread().interrupt();
        assertThat(inFlight.awaitNone(Duration.ofDays(1))).isOne();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void leavesRoomForWhatIsAskedAndForWhatWaitsToBeStored() {
        assertThat(inFlight.room(REGISTRATION)).isEqualTo(66);
        inFlight.begun(REGISTRATION, 60);
        assertThat(inFlight.room(REGISTRATION)).isEqualTo(6);
        inFlight.begun(REGISTRATION, 10);
        assertThat(inFlight.room(REGISTRATION)).isZero();
        inFlight.over(REGISTRATION, 70);
        assertThat(inFlight.room(REGISTRATION)).isEqualTo(66);
    }
}
