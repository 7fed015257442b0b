package dev.tokenkeep.session;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rows of {@code tokenkeep_session}; every method within a transaction. */
@Singleton
class SessionRows implements PanacheRepositoryBase<SessionRow, String> {

    /** Null if there is none; a tombstone is one. */
    @Nullable
    SessionRow locked(String id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
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
