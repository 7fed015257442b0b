package dev.tokenkeep.targets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.targets.ReadTargets.Read;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadTargetsTest {

    private final AtomicLong nanos = new AtomicLong();
    private final ReadTargets read = new ReadTargets(nanos::get);

    @Test
    void isDueOnceForTheReadsOfOneToken() {
        read.note("s", "graph", Duration.ofSeconds(60));
        read.note("s", "graph", Duration.ofSeconds(50));
        read.note("s", "mail", Duration.ofSeconds(90));
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(read.takeDue(10)).containsExactly(new Read("s", "graph"));
        assertThat(read.takeDue(10)).isEmpty();
        nanos.addAndGet(Duration.ofDays(1).toNanos());
        assertThat(read.takeDue(10)).containsExactly(new Read("s", "mail"));
    }

    @Test
    void takesNoMoreThanAsked() {
        for (int i = 0; i < 5; i++) {
            read.note("s" + i, "graph", Duration.ZERO);
        }
        nanos.addAndGet(1);
        assertThat(read.takeDue(3)).hasSize(3);
        assertThat(read.takeDue(3)).hasSize(2);
    }
}
