package dev.tokenkeep.crypto;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Counts what each key has encrypted. */
@Singleton
final class EncryptionMetrics {

    private final MeterRegistry meters;

    EncryptionMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void encrypted(String keyId) {
        meters.counter("tokenkeep.encryptions", "key", keyId).increment();
    }
}
