package dev.tokenkeep.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.keyring.KeyStates.Key;
import dev.tokenkeep.keyring.KeyStates.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyMetricsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KeyMetrics metrics = new KeyMetrics(meters);

    private Double rows(String key, String state) {
        Gauge gauge = meters.find("tokenkeep.rows.by.key")
                .tags("key", key, "state", state)
                .gauge();
        return gauge == null ? null : gauge.value();
    }

    @Test
    void showsTheRowsOfEachKeyInTheStateItIsIn() {
        metrics.show(List.of(
                new Key("k3", State.ENCRYPTS, 7, false),
                new Key("k2", State.DECRYPTS, 5, false),
                new Key("k1", State.FILE_GONE, 3, false),
                new Key("k0", State.MISSING, 1, false)));
        assertThat(rows("k3", "encrypts")).isEqualTo(7);
        assertThat(rows("k2", "decrypts")).isEqualTo(5);
        assertThat(rows("k1", "file_gone")).isEqualTo(3);
        assertThat(rows("k0", "missing")).isEqualTo(1);
    }

    @Test
    void showsAKeyThatCameToAnotherStateInThatOneAlone() {
        metrics.show(List.of(new Key("k1", State.ENCRYPTS, 7, false)));
        metrics.show(List.of(new Key("k2", State.ENCRYPTS, 7, false), new Key("k1", State.DECRYPTS, 2, false)));
        assertThat(rows("k1", "encrypts")).isNull();
        assertThat(rows("k1", "decrypts")).isEqualTo(2);
        metrics.show(List.of(new Key("k2", State.ENCRYPTS, 7, false)));
        assertThat(rows("k1", "decrypts")).isNull();
    }

    @Test
    void countsWhatCameToANewKey() {
        metrics.reencrypted(3);
        metrics.reencrypted(4);
        assertThat(meters.counter("tokenkeep.reencrypted.rows").count()).isEqualTo(7);
    }
}
