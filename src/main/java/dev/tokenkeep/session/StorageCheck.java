package dev.tokenkeep.session;

import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.crypto.UndecryptableException;
import io.quarkus.hibernate.orm.PersistenceUnit;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import java.util.List;
import org.jboss.logging.Logger;

/** At start-up: refuses a database that forgets commits, and reports rows whose key is missing. */
@ApplicationScoped
class StorageCheck {

    private static final Logger LOG = Logger.getLogger(StorageCheck.class);
    private static final int EARLY = 1000;

    private final EntityManager entityManager;
    private final TokenCipher cipher;
    private final Fingerprints fingerprints;

    StorageCheck(
            @PersistenceUnit("tokenkeep") EntityManager entityManager, TokenCipher cipher, Fingerprints fingerprints) {
        this.entityManager = entityManager;
        this.cipher = cipher;
        this.fingerprints = fingerprints;
    }

    void check(@Observes @Priority(EARLY) StartupEvent event) {
        QuarkusTransaction.requiringNew().run(() -> {
            refuseForgetfulCommits();
            reportMissingKeys();
        });
        try {
            fingerprints.load();
        } catch (UndecryptableException e) {
            throw new IllegalStateException(
                    "tokenkeep.encryption.keys: the fingerprints' key can't be opened. " + e.getMessage(), e);
        }
    }

    private void refuseForgetfulCommits() {
        Object setting = entityManager
                .createNativeQuery("show synchronous_commit", String.class)
                .getSingleResult();
        if ("off".equals(setting)) {
            throw new IllegalStateException(
                    "quarkus.datasource.tokenkeep: the database has synchronous_commit=off, so that a crash of it could"
                            + " lose refresh tokens that were stored. Set it to on for this database or role");
        }
    }

    private void reportMissingKeys() {
        List<?> missing = entityManager
                .createNativeQuery("""
                        select key_id, count(*) from tokenkeep_session
                        where status <> 'REMOVED' and key_id not in (:keys) group by key_id""", Object[].class)
                .setParameter("keys", cipher.keyIds())
                .getResultList();
        for (Object found : missing) {
            var row = (Object[]) found;
            LOG.errorf(
                    "%s sessions are encrypted with key %s, which is not in the key directory: they are kept, but neither"
                            + " refreshed nor served until it is back",
                    row[1], row[0]);
        }
    }
}
