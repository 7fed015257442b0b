package dev.tokenkeep.session.upkeep;

import dev.tokenkeep.crypto.EncryptionConfig;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.session.fingerprint.Fingerprints;
import io.quarkus.hibernate.orm.PersistenceUnit;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Refuses to start if the database may lose commits, or if the key directory lacks keys that rows need. */
@ApplicationScoped
class StorageCheck {

    private static final Logger LOG = Logger.getLogger(StorageCheck.class);
    private static final int PRIORITY = 1000;
    /** After this replica has announced its keys to the others, since this is the first time that it encrypts. */
    private static final int ANNOUNCED = 1200;

    private final EntityManager entityManager;
    private final TokenCipher cipher;
    private final KeyUse keyUse;
    private final Fingerprints fingerprints;
    private final boolean allowMissingKeys;

    StorageCheck(
            @PersistenceUnit("tokenkeep") EntityManager entityManager,
            TokenCipher cipher,
            KeyUse keyUse,
            Fingerprints fingerprints,
            EncryptionConfig config) {
        this.entityManager = entityManager;
        this.cipher = cipher;
        this.keyUse = keyUse;
        this.fingerprints = fingerprints;
        this.allowMissingKeys = config.allowMissingKeys() || LaunchMode.current() == LaunchMode.DEVELOPMENT;
    }

    void check(@Observes @Priority(PRIORITY) StartupEvent event) {
        refuseForgetfulCommits();
        missingKeys(keyUse.missing(cipher.keyIds()));
    }

    private void refuseForgetfulCommits() {
        Object setting = QuarkusTransaction.requiringNew()
                .call(() -> entityManager
                        .createNativeQuery("show synchronous_commit", String.class)
                        .getSingleResult());
        if ("off".equals(setting)) {
            throw new IllegalStateException(
                    "quarkus.datasource.tokenkeep: the database has synchronous_commit=off, so a crash of the database"
                            + " could lose stored refresh tokens. Set it to on for this database or role");
        }
    }

    private void missingKeys(Map<String, Long> rows) {
        if (rows.isEmpty()) {
            return;
        }
        String message = "tokenkeep.encryption.keys: rows need keys that are not in the key directory: "
                + rows.entrySet().stream()
                        .map(key -> key.getKey() + " (" + key.getValue() + " rows)")
                        .collect(Collectors.joining(", "));
        if (!allowMissingKeys) {
            throw new IllegalStateException(message
                    + ". Put these keys back, or set tokenkeep.encryption.allow-missing-keys=true to start without"
                    + " them. The rows are kept then, but neither refreshed nor served");
        }
        LOG.errorf("%s. These rows are kept, but neither refreshed nor served until the keys are back", message);
    }

    void fingerprintKey(@Observes @Priority(ANNOUNCED) StartupEvent event) {
        try {
            fingerprints.load();
        } catch (UndecryptableException e) {
            throw new IllegalStateException(
                    "tokenkeep.encryption.keys: the fingerprint key cannot be decrypted. " + e.getMessage(), e);
        }
    }
}
