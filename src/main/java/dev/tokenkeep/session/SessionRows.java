package dev.tokenkeep.session;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rows of {@code tokenkeep_session}; every method within a transaction. */
@Singleton
class SessionRows implements PanacheRepositoryBase<SessionRow, String> {

    private final RememberedSessions memory;
    private final TransactionSynchronizationRegistry transaction;

    SessionRows(RememberedSessions memory, TransactionSynchronizationRegistry transaction) {
        this.memory = memory;
        this.transaction = transaction;
    }

    /** To change it; null if there is none. A tombstone is one. */
    @Nullable
    SessionRow locked(String id) {
        transaction.registerInterposedSynchronization(new Forgetting(memory, id));
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** Whoever has changed a session and reads it on the same replica must see it, before the replica hears of it. */
    private record Forgetting(RememberedSessions memory, String id) implements Synchronization {

        @Override
        public void beforeCompletion() {
            // Others may read it, as it was, until it is committed.
        }

        @Override
        public void afterCompletion(int status) {
            memory.changed(id);
        }
    }

    /** The row that keeps this refresh token, or null. */
    @Nullable
    SessionRow keeping(String registration, byte[] fingerprint) {
        return find(
                        "registration = ?1 and (registeredFingerprint = ?2 or currentFingerprint = ?2)",
                        registration,
                        fingerprint)
                .firstResult();
    }

    /** Whether another row keeps this refresh token as its current one. */
    boolean keptElsewhere(SessionRow row, byte[] fingerprint) {
        return count(
                        "registration = ?1 and currentFingerprint = ?2 and id <> ?3",
                        row.registration,
                        fingerprint,
                        row.id)
                > 0;
    }

    /** The database's clock. */
    Instant now() {
        return (Instant) getEntityManager()
                .createNativeQuery("select clock_timestamp()", Instant.class)
                .getSingleResult();
    }
}
