package dev.tokenkeep.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SingleFlightTest {

    private final SingleFlight<String> flights = new SingleFlight<>();
    private final AtomicInteger joined = new AtomicInteger();
    private final List<CompletableFuture<String>> started = new ArrayList<>();

    @Test
    void sharesTheFlightUnderWay() {
        var first = flights.join("a", this::start, joined::incrementAndGet);
        var second = flights.join("a", this::start, joined::incrementAndGet);
        assertThat(started).hasSize(1);
        assertThat(joined).hasValue(1);
        started.get(0).complete("landed");
        assertThat(first).isCompletedWithValue("landed");
        assertThat(second).isCompletedWithValue("landed");
    }

    @Test
    void keepsKeysApart() {
        flights.join("a", this::start, joined::incrementAndGet);
        flights.join("b", this::start, joined::incrementAndGet);
        assertThat(started).hasSize(2);
    }

    @Test
    void startsAnewOnceLanded() {
        flights.join("a", this::start, joined::incrementAndGet);
        started.get(0).complete("one");
        var second = flights.join("a", this::start, joined::incrementAndGet);
        started.get(1).complete("two");
        assertThat(second).isCompletedWithValue("two");
    }

    @Test
    void whatAWaiterDoesNeverReachesTheFlight() {
        var impatient = flights.join("a", this::start, joined::incrementAndGet);
        var patient = flights.join("a", this::start, joined::incrementAndGet);
        impatient.cancel(true);
        assertThat(started.get(0)).isNotDone();
        started.get(0).complete("landed");
        assertThat(patient).isCompletedWithValue("landed");
    }

    @Test
    void joinNextSharesOneFlightThatStartsAfterIt() {
        flights.join("a", this::start, joined::incrementAndGet);
        var next = flights.joinNext("a", this::start, joined::incrementAndGet);
        var nextToo = flights.joinNext("a", this::start, joined::incrementAndGet);
        assertThat(started).hasSize(1);
        started.get(0).complete("before");
        assertThat(started).hasSize(2);
        assertThat(next).isNotDone();
        started.get(1).complete("after");
        assertThat(next).isCompletedWithValue("after");
        assertThat(nextToo).isCompletedWithValue("after");
        assertThat(joined).as("those that did not have to be started").hasValue(1);
    }

    @Test
    void joinNextStartsAtOnceWhenNothingIsUnderWay() {
        var flight = flights.joinNext("a", this::start, joined::incrementAndGet);
        started.get(0).complete("landed");
        assertThat(flight).isCompletedWithValue("landed");
    }

    @Test
    void joinNextGoesOnAfterAFlightThatFailed() {
        flights.join("a", this::start, joined::incrementAndGet);
        var next = flights.joinNext("a", this::start, joined::incrementAndGet);
        started.get(0).completeExceptionally(new IllegalStateException("broken"));
        started.get(1).complete("after");
        assertThat(next).isCompletedWithValue("after");
    }

    @Test
    void aStartThatThrowsFailsItsWaitersAndFreesTheKey() {
        var failed = flights.join(
                "a",
                () -> {
                    throw new IllegalStateException("no start");
                },
                joined::incrementAndGet);
        assertThatThrownBy(failed::join).hasCauseInstanceOf(IllegalStateException.class);
        flights.join("a", this::start, joined::incrementAndGet);
        assertThat(started).hasSize(1);
    }

    @Test
    void anOfferedFlightIsJoinedButNeverReplacesOne() {
        var offered = new CompletableFuture<String>();
        flights.offer("a", offered);
        var waiting = flights.join("a", this::start, joined::incrementAndGet);
        flights.offer("a", new CompletableFuture<>());
        assertThat(started).isEmpty();
        offered.complete("landed");
        assertThat(waiting).isCompletedWithValue("landed");
    }

    private CompletableFuture<String> start() {
        var flight = new CompletableFuture<String>();
        started.add(flight);
        return flight;
    }
}
