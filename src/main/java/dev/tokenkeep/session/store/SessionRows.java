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
import java.util.HashMap;
import java.util.HexFormat;
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
        List<String> ids = lookUp("""
                        select s.id from unnest(cast(:registrations as text[])) name
                        cross join unnest(cast(:fingerprints as text[])) hex
                        cross join lateral (
                            select id from tokenkeep_session
                            where registration = name and registered_fingerprint = decode(hex, 'hex')
                            union
                            select id from tokenkeep_session
                            where registration = name and current_fingerprint = decode(hex, 'hex')) s""", registrations, fingerprints).stream()
                .map(row -> (String) row[0])
                .distinct()
                .toList();
        if (!ids.isEmpty()) {
            find("id in ?1", ids).stream().forEach(row -> {
                kept.put(ByteBuffer.wrap(row.registeredFingerprint), row);
                if (row.currentFingerprint != null) {
                    kept.put(ByteBuffer.wrap(row.currentFingerprint), row);
                }
            });
        }
    }

    /** Returns which rows have one of these as their current refresh token. */
    RefreshTokenOwners kept(Collection<String> registrations, Collection<byte[]> fingerprints) {
        return new RefreshTokenOwners(lookUp("""
                        select s.id, s.registration, s.current_fingerprint from unnest(cast(:registrations as text[])) name
                        cross join unnest(cast(:fingerprints as text[])) hex
                        join tokenkeep_session s on s.registration = name and s.current_fingerprint = decode(hex, 'hex')""", registrations, fingerprints).stream()
                .map(row -> new RefreshTokenOwners.Keeper((String) row[0], (String) row[1], (byte[]) row[2]))
                .toList());
    }

    /**
     * Looks fingerprints up one by one. A list of them would have PostgreSQL read the whole table as long as it has no
     * statistics, as after an import.
     */
    private List<Object[]> lookUp(String sql, Collection<String> registrations, Collection<byte[]> fingerprints) {
        if (fingerprints.size() > 1) {
            planAnew();
        }
        HexFormat hex = HexFormat.of();
        return getEntityManager()
                .createNativeQuery(sql, Object[].class)
                .setParameter("registrations", registrations.toArray(String[]::new))
                .setParameter(
                        "fingerprints",
                        fingerprints.stream().map(hex::formatHex).toArray(String[]::new))
                .getResultList();
    }

    /**
     * Has this transaction use no plan that PostgreSQL made while the table was small. Such a plan would read the whole
     * table for each fingerprint, until the table is analyzed.
     */
    private void planAnew() {
        getEntityManager()
                .createNativeQuery("select set_config('plan_cache_mode', 'force_custom_plan', true)", String.class)
                .getSingleResult();
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
