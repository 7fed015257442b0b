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

/** The rows of {@code tokenkeep_session}. Every method runs within a transaction. */
@Singleton
class SessionRows implements PanacheRepositoryBase<SessionRow, String> {

    private final SessionCache cache;
    private final TransactionSynchronizationRegistry transaction;

    SessionRows(SessionCache cache, TransactionSynchronizationRegistry transaction) {
        this.cache = cache;
        this.transaction = transaction;
    }

    /** Locks a row to change it. Returns null if there is none. A tombstone is a row too. */
    @Nullable
    SessionRow locked(String id) {
        transaction.registerInterposedSynchronization(new Forgetting(cache, id));
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** Locks rows as {@link #locked(String)} does, by id; in one order, so that no two wait for each other. */
    Map<String, SessionRow> locked(List<String> ids) {
        ids.forEach(id -> transaction.registerInterposedSynchronization(new Forgetting(cache, id)));
        return find("id in ?1", Sort.by("id"), ids).withLock(LockModeType.PESSIMISTIC_WRITE).stream()
                .collect(Collectors.toMap(row -> row.id, row -> row));
    }

    /** Clears a changed session from the cache: this replica must see it before the notification arrives. */
    private record Forgetting(SessionCache cache, String id) implements Synchronization {

        @Override
        public void beforeCompletion() {
            // Until the commit others may read the session as it was.
        }

        @Override
        public void afterCompletion(int status) {
            cache.changed(id);
        }
    }

    /**
     * Returns the row that has this refresh token; null if there is none.
     *
     * @param sameClient the other registrations of the same client; only one of them stores a refresh token
     */
    @Nullable
    SessionRow keeping(String registration, List<String> sameClient, byte[] fingerprint) {
        if (sameClient.isEmpty()) {
            return keeping(List.of(registration), fingerprint);
        }
        // The unique index covers only one registration. The lock lets two transactions in one after the other.
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

    /** Returns which rows have one of these as their current refresh token. */
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
     * What has to be known before new tokens are stored.
     *
     * @param now by the database's clock
     * @param sameClient the other registrations of the same client
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

    /** Returns the time by the database's clock. */
    Instant now() {
        return (Instant) getEntityManager()
                .createNativeQuery("select clock_timestamp()", Instant.class)
                .getSingleResult();
    }
}
