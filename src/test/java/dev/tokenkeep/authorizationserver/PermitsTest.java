package dev.tokenkeep.authorizationserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.authorizationserver.Permits.Taken;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermitsTest {

    private static final long LATER = Duration.ofSeconds(1).toNanos();

    private final Permits permits = new Permits(32);

    @Test
    @DisplayName(
            "L1: sessions that have failed before get an eighth, and leave the others the rest however long they take")
    void retriesGetAShare() {
        assertThat(permits.take(100, 0)).isEqualTo(new Taken(32, 4));
        permits.giveBack(new Taken(28, 0));
        assertThat(permits.take(100, 0)).isEqualTo(new Taken(28, 0));
    }

    @Test
    @DisplayName("L1: each retry that succeeds makes the share larger, one that fails makes it small again")
    void theShareGrowsWithWhatSucceeds() {
        for (int i = 0; i < 3; i++) {
            permits.retried(true);
        }
        assertThat(permits.isProven()).isTrue();
        assertThat(permits.take(32, 0).retries()).isEqualTo(7);
        permits.giveBack(new Taken(32, 7));
        for (int i = 0; i < 100; i++) {
            permits.retried(true);
        }
        assertThat(permits.take(32, 0).retries()).as("and never takes all").isEqualTo(24);
        permits.giveBack(new Taken(32, 24));
        permits.retried(false);
        assertThat(permits.isProven()).isFalse();
        assertThat(permits.take(32, 0).retries()).isEqualTo(4);
    }

    @Test
    void oneOfTwoIsLeftToTheOthersAndTheOnlyOneIsShared() {
        assertThat(new Permits(2).take(2, 0)).isEqualTo(new Taken(2, 1));
        assertThat(new Permits(1).take(2, 0)).isEqualTo(new Taken(1, 1));
    }

    @Test
    @DisplayName("L6: the job leaves permits to the readers who wait for one")
    void readersGoBeforeTheJob() {
        permits.take(32, 0);
        assertThat(permits.takeFor("one", false, 0)).isFalse();
        assertThat(permits.takeFor("one", false, 0)).isFalse();
        assertThat(permits.takeFor("another", false, 0)).isFalse();
        for (int i = 0; i < 3; i++) {
            permits.release(false);
        }
        assertThat(permits.take(32, 0).number()).isOne();
        assertThat(permits.takeFor("one", false, 0)).isTrue();
        assertThat(permits.take(32, 0).number()).isZero();
        assertThat(permits.take(32, LATER).number())
                .as("who asks no more waits no more")
                .isOne();
    }

    @Test
    @DisplayName("L1: readers of sessions that fail for ever have the same share")
    void readersOfFailedSessionsHaveTheShareToo() {
        for (int i = 0; i < 4; i++) {
            assertThat(permits.takeFor("bad-" + i, true, 0)).isTrue();
        }
        assertThat(permits.takeFor("bad", true, 0)).isFalse();
        assertThat(permits.takeFor("good", false, 0)).isTrue();
        permits.release(true);
        assertThat(permits.takeFor("bad", true, 0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 32})
    void oneRetryThatSucceedsProvesThem(int most) {
        var permits = new Permits(most);
        assertThat(permits.isProven()).isFalse();
        permits.retried(true);
        assertThat(permits.isProven()).isTrue();
        permits.retried(false);
        assertThat(permits.isProven()).isFalse();
    }

    @Test
    @DisplayName("L1: requests that concern no session get a quarter, however many there are")
    void givesRequestsAsideAShare() {
        var permits = new Permits(16);
        assertThat(permits.takeAside(100, 0)).isEqualTo(4);
        assertThat(permits.takeAside(100, 0)).isZero();
        assertThat(permits.take(100, 0).number()).isEqualTo(12);
        permits.releaseAside(1);
        assertThat(permits.takeAside(100, 0)).isOne();
        assertThat(new Permits(1).takeAside(1, 0)).isOne();
    }

    @Test
    void waitingCallersGoBeforeRequestsAside() {
        var permits = new Permits(8);
        permits.take(8, 0);
        assertThat(permits.takeFor("a session", false, 0)).isFalse();
        permits.release(false);
        assertThat(permits.takeAside(1, 0)).isZero();
        assertThat(permits.takeFor("a session", false, 0)).isTrue();
    }
}
