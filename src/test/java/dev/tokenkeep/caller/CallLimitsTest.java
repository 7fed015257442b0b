package dev.tokenkeep.caller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.caller.CallLimits.Admission.Admitted;
import dev.tokenkeep.caller.CallLimits.Admission.TooMany;
import dev.tokenkeep.settings.RateLimit;
import dev.tokenkeep.settings.RedirectUris;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CallLimitsTest {

    private final AtomicLong nanos = new AtomicLong(1);
    private final CallLimits limits = new CallLimits(nanos::get);
    private final Caller quick = caller("quick", 100, new RateLimit(3, Duration.ofSeconds(30)));
    private final Caller broad = caller("broad", 2, null);

    private static Caller caller(String name, int atOnce, RateLimit rate) {
        return new Caller(
                name,
                Set.of(),
                null,
                Set.of(name),
                atOnce,
                rate,
                new RedirectUris(Set.of()),
                new RedirectUris(Set.of()));
    }

    @Test
    void tellsWhenToComeBack() {
        for (int i = 0; i < 3; i++) {
            assertThat(limits.admit(quick)).isInstanceOf(Admitted.class);
        }
        assertThat(limits.admit(quick)).isEqualTo(new TooMany(Duration.ofSeconds(10)));
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(limits.admit(quick)).isInstanceOf(Admitted.class);
        assertThat(limits.admit(quick)).isInstanceOf(TooMany.class);
    }

    @Test
    void admitsAgainOnceACallIsOver() {
        var first = (Admitted) limits.admit(broad);
        assertThat(limits.admit(broad)).isInstanceOf(Admitted.class);
        assertThat(limits.admit(broad)).isInstanceOf(TooMany.class);
        first.end().run();
        assertThat(limits.admit(broad)).isInstanceOf(Admitted.class);
    }

    @Test
    void oneCallersLimitIsNobodyElses() {
        limits.admit(broad);
        limits.admit(broad);
        assertThat(limits.admit(broad)).isInstanceOf(TooMany.class);
        assertThat(limits.admit(quick)).isInstanceOf(Admitted.class);
    }

    @Test
    void whatIsRefusedForItsRateHoldsNoPlace() {
        Caller both = caller("both", 2, new RateLimit(1, Duration.ofSeconds(1)));
        limits.admit(both);
        for (int i = 0; i < 5; i++) {
            assertThat(limits.admit(both)).isInstanceOf(TooMany.class);
        }
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(limits.admit(both)).isInstanceOf(Admitted.class);
    }
}
