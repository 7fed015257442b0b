package dev.tokenkeep.keyring;

import dev.tokenkeep.crypto.EncryptionConfig;
import dev.tokenkeep.crypto.KeyIds;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.telemetry.StartupLine;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Tells the keys at start-up, by their ids. */
@Singleton
class KeysLine {

    private static final Logger LOG = Logger.getLogger(KeysLine.class);

    void tell(@Observes @Priority(StartupLine.KEYS) StartupEvent event, TokenCipher cipher, EncryptionConfig config) {
        LOG.info(text(cipher.keys(), config.keyProvider()));
    }

    static String text(KeyIds keys, String provider) {
        return "Keys: " + StartupLine.listed(keys.readable().stream().sorted().toList()) + ", primary " + keys.primary()
                + ", provider " + provider;
    }
}
