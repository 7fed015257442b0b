package dev.tokenkeep.keyring;

import dev.tokenkeep.crypto.EncryptionConfig;
import dev.tokenkeep.registration.ConfigViolations;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Refuses to start with a pace that is none. */
@Singleton
class KeyringConfigCheck {

    private static final int EARLY = 1000;
    private static final int MOST = 1_000_000;

    private final EncryptionConfig config;

    KeyringConfigCheck(EncryptionConfig config) {
        this.config = config;
    }

    void check(@Observes @Priority(EARLY) StartupEvent event) {
        violations().throwIfAny();
    }

    ConfigViolations violations() {
        var violations = new ConfigViolations();
        int rate = config.reencryptionRate();
        violations.addIf(
                rate < 1 || rate > MOST, "tokenkeep.encryption.reencryption-rate", "must be from 1 to " + MOST);
        return violations;
    }
}
