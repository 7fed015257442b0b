package dev.tokenkeep.keyring;

import dev.tokenkeep.crypto.EncryptionConfig;
import dev.tokenkeep.crypto.KeyIds;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.telemetry.StartupMessages;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Logs the ids of the keys at startup. */
@Singleton
class KeysStartupMessage {

    private static final Logger LOG = Logger.getLogger(KeysStartupMessage.class);

    void tell(
            @Observes @Priority(StartupMessages.KEYS) StartupEvent event, TokenCipher cipher, EncryptionConfig config) {
        LOG.info(text(cipher.keys(), config.keyProvider()));
    }

    static String text(KeyIds keys, String provider) {
        return "Keys: "
                + StartupMessages.listed(keys.readable().stream().sorted().toList()) + ", primary " + keys.primary()
                + ", provider " + provider;
    }
}
