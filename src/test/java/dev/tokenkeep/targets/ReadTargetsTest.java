package dev.tokenkeep.targets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.targets.ReadTargets.Read;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadTargetsTest {

    private static final Read READ = new Read("s", "crm", "graph");
    private static final Read MAIL = new Read("s", "crm", "mail");

    private final AtomicLong nanos = new AtomicLong();
    private final ReadTargets read = new ReadTargets(nanos::get);

    @Test
    void isDueOnceForTheReadsOfOneToken() {
        read.note(READ, Duration.ofSeconds(60));
        read.note(READ, Duration.ofSeconds(50));
        read.note(MAIL, Duration.ofSeconds(90));
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(read.takeDue()).containsExactly(READ);
        assertThat(read.takeDue()).isEmpty();
        nanos.addAndGet(Duration.ofDays(1).toNanos());
        assertThat(read.takeDue()).containsExactly(MAIL);
    }
}
