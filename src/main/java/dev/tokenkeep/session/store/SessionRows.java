package dev.tokenkeep.session.store;

import dev.tokenkeep.session.cache.SessionCache;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.query.NativeQuery;
import org.jspecify.annotations.Nullable;

/** The rows of {@code tokenkeep_session}; every method within a transaction. */
@Singleton
class SessionRows implements PanacheRepositoryBase<SessionRow, String> {

    private final SessionCache cache;
    private final TransactionSynchronizationRegistry transaction;

    SessionRows(SessionCache cache, TransactionSynchronizationRegistry transaction) {
        this.cache = cache;
        this.transaction = transaction;
    }

    /** To change it; null if there is none. A tombstone is one. */
    @Nullable
    SessionRow locked(String id) {
        transaction.registerInterposedSynchronization(new Forgetting(cache, id));
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** As {@link #locked(String)}, by their ids; in one order, so that nobody waits for each other. */
    Map<String, SessionRow> locked(List<String> ids) {
        ids.forEach(id -> transaction.registerInterposedSynchronization(new Forgetting(cache, id)));
        return find("id in ?1", Sort.by("id"), ids).withLock(LockModeType.PESSIMISTIC_WRITE).stream()
                .collect(Collectors.toMap(row -> row.id, row -> row));
    }

    /** Whoever has changed a session and reads it on the same replica must see it, before the replica hears of it. */
    private record Forgetting(SessionCache cache, String id) implements Synchronization {

        @Override
        public void beforeCompletion() {
            // Others may read it, as it was, until it is committed.
        }

        @Override
        public void afterCompletion(int status) {
            cache.changed(id);
        }
    }

    /**
     * The row that keeps this refresh token, or null.
     *
     * @param sameClient the other registrations that are the same client: what one of them keeps, no other does
     */
    @Nullable
    SessionRow keeping(String registration, List<String> sameClient, byte[] fingerprint) {
        if (sameClient.isEmpty()) {
            return keeping(List.of(registration), fingerprint);
        }
        // The index that keeps it once is each registration's own: two of them at once are let in one after the other.
        getEntityManager()
                .createNativeQuery("select 1 from (select pg_advisory_xact_lock(:token)) lock", Integer.class)
                .setParameter("token", ByteBuffer.wrap(fingerprint).getLong())
                .getSingleResult();
        SessionRow own = keeping(List.of(registration), fingerprint);
        return own == null ? keeping(sameClient, fingerprint) : own;
    }

    private @Nullable SessionRow keeping(List<String> registrations, byte[] fingerprint) {
        return find(
                        "registration in ?1 and (registeredFingerprint = ?2 or currentFingerprint = ?2)",
                        registrations,
                        fingerprint)
                .firstResult();
    }

    /** Who keeps one of these as its current refresh token. */
    RefreshTokenOwners kept(Collection<String> registrations, Collection<byte[]> fingerprints) {
        return new RefreshTokenOwners(getEntityManager()
                .createQuery("""
                        select id, registration, currentFingerprint from SessionRow
                        where registration in :registrations and currentFingerprint in :fingerprints""", Object[].class)
                .setParameter("registrations", registrations)
                .setParameter("fingerprints", fingerprints)
                .getResultStream()
                .map(row -> new RefreshTokenOwners.Keeper((String) row[0], (String) row[1], (byte[]) row[2]))
                .toList());
    }

    /**
     * What is asked before new tokens are stored.
     *
     * @param now by the database's clock
     * @param sameClient the other registrations that are the same client
     */
    record Moment(Instant now, List<String> sameClient) {}

    Moment moment(String registration) {
        var found = (Object[]) getEntityManager()
                .createNativeQuery("""
                        select clock_timestamp() as now,
                               (select string_agg(other.registration, chr(10)) from tokenkeep_client other
                                join tokenkeep_client own on own.client = other.client
                                where own.registration = :registration and other.registration <> :registration) as others""")
                .unwrap(NativeQuery.class)
                .addScalar("now", Instant.class)
                .addScalar("others", String.class)
                .setParameter("registration", registration)
                .getSingleResult();
        return new Moment(
                (Instant) found[0],
                found[1] == null ? List.of() : ((String) found[1]).lines().toList());
    }

    /** The database's clock. */
    Instant now() {
        return (Instant) getEntityManager()
                .createNativeQuery("select clock_timestamp()", Instant.class)
                .getSingleResult();
    }
}
