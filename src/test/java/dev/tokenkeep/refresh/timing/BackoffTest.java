package dev.tokenkeep.refresh.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void doublesItsCeilingUpToTheCap() {
        var latest = new Backoff(Duration.ofMinutes(1), () -> 1.0);
        assertThat(latest.after(0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(latest.after(3)).isEqualTo(Duration.ofSeconds(8));
        assertThat(latest.after(6)).isEqualTo(Duration.ofMinutes(1));
        assertThat(latest.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void spreadsOverAllOfTheTimeButNeverAtOnce() {
        assertThat(new Backoff(Duration.ofMinutes(1), () -> 0.5).after(4)).isEqualTo(Duration.ofSeconds(8));
        assertThat(new Backoff(Duration.ofMinutes(1), () -> 0.0).after(4)).isEqualTo(Duration.ofMillis(100));
    }
}
