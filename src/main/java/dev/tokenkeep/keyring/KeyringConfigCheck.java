package dev.tokenkeep.keyring;

import dev.tokenkeep.crypto.EncryptionConfig;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.ValueCheck;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Refuses to start with a pace that is none. */
@Singleton
class KeyringConfigCheck {

    private static final int MOST = 1_000_000;
    /** The scheduler counts in seconds. */
    private static final Duration MOST_OFTEN = Duration.ofSeconds(1);
    /** A replica that was not heard of for three times as long is taken for gone. */
    private static final Duration LEAST_OFTEN = Duration.ofSeconds(10);

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
                rate < 1 || rate > MOST, "tokenkeep.encryption.reencryption-rate", "must be from 1 to " + MOST);
        new ValueCheck("tokenkeep.encryption.", violations).period("every", config.every(), MOST_OFTEN, LEAST_OFTEN);
        return violations;
    }
}
