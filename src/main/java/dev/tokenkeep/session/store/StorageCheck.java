package dev.tokenkeep.session.store;

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

/** At start-up: refuses a database that forgets commits, and a key directory without the keys that rows need. */
@ApplicationScoped
class StorageCheck {

    private static final Logger LOG = Logger.getLogger(StorageCheck.class);
    private static final int EARLY = 1000;
    /** After this replica has told the others which keys it has: the first thing that it encrypts. */
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

    void check(@Observes @Priority(EARLY) StartupEvent event) {
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
                    "quarkus.datasource.tokenkeep: the database has synchronous_commit=off, so that a crash of it could"
                            + " lose refresh tokens that were stored. Set it to on for this database or role");
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
                    + ". Put them back; or set tokenkeep.encryption.allow-missing-keys=true to start without them: the"
                    + " rows are kept then, but neither refreshed nor served");
        }
        LOG.errorf("%s. These rows are kept, but neither refreshed nor served until the keys are back", message);
    }

    void fingerprintKey(@Observes @Priority(ANNOUNCED) StartupEvent event) {
        try {
            fingerprints.load();
        } catch (UndecryptableException e) {
            throw new IllegalStateException(
                    "tokenkeep.encryption.keys: the fingerprints' key can't be opened. " + e.getMessage(), e);
        }
    }
}
