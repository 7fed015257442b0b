package dev.tokenkeep.session.store;

import dev.tokenkeep.session.cache.SessionCache;
import dev.tokenkeep.session.fingerprint.RefreshTokenLookup;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.hibernate.query.NativeQuery;
import org.jspecify.annotations.Nullable;

/** The rows of {@code tokenkeep_session}. Every method runs within a transaction. */
@Singleton
class SessionRows implements PanacheRepositoryBase<SessionRow, String> {

    private final SessionCache cache;
    private final RefreshTokenLookup lookup;
    private final TransactionSynchronizationRegistry transaction;

    SessionRows(SessionCache cache, RefreshTokenLookup lookup, TransactionSynchronizationRegistry transaction) {
        this.cache = cache;
        this.lookup = lookup;
        this.transaction = transaction;
    }

    /** Locks a row to change it. Returns null if there is none. A tombstone is a row too. */
    @Nullable
    SessionRow locked(String id) {
        transaction.registerInterposedSynchronization(new Forgetting(cache, id));
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /**
     * Locks rows as {@link #locked(String)} does, by id; in one order, so that no two wait for each other. Hibernate does
     * not write what is changed in them: {@link RefreshedRows} does.
     */
    @SuppressWarnings("unchecked")
    Map<String, SessionRow> lockedForRefresh(List<String> ids) {
        ids.forEach(id -> transaction.registerInterposedSynchronization(new Forgetting(cache, id)));
        List<SessionRow> locked = getEntityManager()
                .createNativeQuery(
                        "select * from tokenkeep_session where id = any(:ids) order by id for no key update",
                        SessionRow.class)
                .setParameter("ids", ids.toArray(String[]::new))
                .unwrap(NativeQuery.class)
                .setReadOnly(true)
                .getResultList();
        return locked.stream().collect(Collectors.toMap(row -> row.id, row -> row));
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

    /** Locks a row that was read before, and reads it again: it may have changed meanwhile. */
    SessionRow lockedAnew(SessionRow row) {
        transaction.registerInterposedSynchronization(new Forgetting(cache, row.id));
        getEntityManager().refresh(row, LockModeType.PESSIMISTIC_WRITE);
        return row;
    }

    /** Has this transaction send so many new rows at once. */
    void writeInBatches(int size) {
        getEntityManager().unwrap(Session.class).setJdbcBatchSize(size);
    }

    /**
     * Returns the row that has this refresh token; null if there is none.
     *
     * @param sameClient the other registrations of the same client; only one of them stores a refresh token
     */
    @Nullable
    SessionRow keeping(String registration, List<String> sameClient, byte[] fingerprint) {
        return keeping(registration, sameClient, List.of(fingerprint)).get(ByteBuffer.wrap(fingerprint));
    }

    /** Does the same for many refresh tokens. The map can be changed. */
    Map<ByteBuffer, SessionRow> keeping(String registration, List<String> sameClient, List<byte[]> fingerprints) {
        var kept = new HashMap<ByteBuffer, SessionRow>();
        if (!sameClient.isEmpty()) {
            lock(fingerprints);
            keeping(sameClient, fingerprints, kept);
        }
        // Its own last: they count.
        keeping(List.of(registration), fingerprints, kept);
        return kept;
    }

    /**
     * The unique index covers only one registration. The locks let two transactions in one after the other, and are
     * taken in one order, so that no two wait for each other.
     */
    private void lock(List<byte[]> fingerprints) {
        long[] tokens = fingerprints.stream()
                .mapToLong(fingerprint -> ByteBuffer.wrap(fingerprint).getLong())
                .sorted()
                .toArray();
        getEntityManager()
                .createNativeQuery(
                        "select count(*) from (select pg_advisory_xact_lock(token) from unnest(cast(:tokens as bigint[])) token) locked",
                        Long.class)
                .setParameter("tokens", tokens)
                .getSingleResult();
    }

    private void keeping(List<String> registrations, List<byte[]> fingerprints, Map<ByteBuffer, SessionRow> kept) {
        getEntityManager().flush();
        List<String> ids = lookup.ids(registrations, fingerprints);
        if (!ids.isEmpty()) {
            find("id in ?1", ids).stream().forEach(row -> {
                kept.put(ByteBuffer.wrap(row.registeredFingerprint), row);
                if (row.currentFingerprint != null) {
                    kept.put(ByteBuffer.wrap(row.currentFingerprint), row);
                }
            });
        }
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
