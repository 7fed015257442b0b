package dev.tokenkeep.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DoubtTest {

    private long nanos;
    private final Doubt doubt = new Doubt(() -> nanos);

    @Test
    void comesAfterThreeTicksWithoutAnAnswerAndGoesWithIt() {
        doubt.asked();
        tick(2);
        assertThat(doubt.isOn()).isFalse();
        tick(1);
        assertThat(doubt.isOn()).isTrue();
        doubt.answered();
        assertThat(doubt.isOn()).isFalse();
        tick(5);
        assertThat(doubt.isOn()).as("nothing was asked").isFalse();
    }

    @Test
    void doesNotComeOfHavingBeenStopped() {
        doubt.asked();
        tick(2);
        nanos += Duration.ofSeconds(24).toNanos();
        doubt.tick();
        assertThat(doubt.isOn()).isFalse();
        tick(2);
        assertThat(doubt.isOn()).isFalse();
        tick(1);
        assertThat(doubt.isOn()).as("it has waited by then").isTrue();
    }

    @Test
    void eachQuestionHasItsOwn() {
        for (int i = 0; i < 10; i++) {
            doubt.asked();
            tick(2);
            doubt.answered();
        }
        assertThat(doubt.isOn()).isFalse();
    }

    private void tick(int times) {
        for (int i = 0; i < times; i++) {
            nanos += Doubt.EVERY.toNanos();
            doubt.tick();
        }
    }
}
