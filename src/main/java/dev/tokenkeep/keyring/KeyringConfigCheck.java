package dev.tokenkeep.keyring;

import dev.tokenkeep.crypto.EncryptionConfig;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.ValueCheck;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Refuses to start if a rate or an interval is out of range. */
@Singleton
class KeyringConfigCheck {

    private static final int MAX_RATE = 1_000_000;
    /** The scheduler counts in seconds. */
    private static final Duration MIN_PERIOD = Duration.ofSeconds(1);
    /** A replica that was silent for three times as long counts as gone. */
    private static final Duration MAX_PERIOD = Duration.ofSeconds(10);

    private final EncryptionConfig config;

    KeyringConfigCheck(EncryptionConfig config) {
        this.config = config;
    }

    void check(@Observes @Priority(ConfigViolations.CHECKED) StartupEvent event) {
        violations().throwIfAny();
    }

    ConfigViolations violations() {
        var violations = new ConfigViolations();
        int rate = config.reencryptionRate();
        violations.addIf(
                rate < 1 || rate > MAX_RATE, "tokenkeep.encryption.reencryption-rate", "must be from 1 to " + MAX_RATE);
        new ValueCheck("tokenkeep.encryption.", violations).period("every", config.every(), MIN_PERIOD, MAX_PERIOD);
        return violations;
    }
}
