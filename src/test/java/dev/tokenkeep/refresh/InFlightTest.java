package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private final InFlight inFlight = new InFlight();

    @Test
    void waitsForTheLastOne() {
        inFlight.begun(2);
        var waiting = CompletableFuture.supplyAsync(() -> inFlight.awaitNone(Duration.ofSeconds(20)));
        inFlight.over(1);
        await().during(Duration.ofMillis(100)).until(() -> !waiting.isDone());
        inFlight.over(1);
        assertThat(waiting.join()).isZero();
    }

    @Test
    void tellsHowManyAreLeftWhenTheTimeIsOver() {
        inFlight.begun(3);
        assertThat(inFlight.count()).isEqualTo(3);
        assertThat(inFlight.awaitNone(Duration.ofMillis(10))).isEqualTo(3);
    }

    @Test
    void doesNotWaitForNothing() {
        assertThat(inFlight.awaitNone(Duration.ofDays(1))).isZero();
    }

    @Test
    void anInterruptEndsTheWait() {
        inFlight.begun(1);
        Thread.currentThread().interrupt();
        assertThat(inFlight.awaitNone(Duration.ofDays(1))).isOne();
        assertThat(Thread.interrupted()).isTrue();
    }
}
