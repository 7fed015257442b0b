package dev.tokenkeep.keyring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;

/** Shows the progress of a key rotation as metrics. */
@Singleton
class KeyMetrics {

    private final Counter reencrypted;
    private final MultiGauge rows;

    KeyMetrics(MeterRegistry meters) {
        this.reencrypted = meters.counter("tokenkeep.reencrypted.rows");
        this.rows = MultiGauge.builder("tokenkeep.rows.by.key").register(meters);
    }

    void reencrypted(int count) {
        reencrypted.increment(count);
    }

    /** Shows only these keys. */
    void show(List<KeyStates.Key> keys) {
        rows.register(
                keys.stream()
                        .map(key -> Row.of(
                                Tags.of(
                                        "key",
                                        key.id(),
                                        "state",
                                        key.state().name().toLowerCase(Locale.ROOT)),
                                key.rows()))
                        .toList(),
                true);
    }
}
