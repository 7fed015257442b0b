package dev.tokenkeep.registration.added;

import dev.tokenkeep.crypto.AssociatedData;
import dev.tokenkeep.crypto.RowCipher;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.added.StoredRegistration.State;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stores registrations, with their settings encrypted. A row is never deleted: it says whose sessions there may be. All
 * methods block; those without a transaction of their own need one.
 */
@ApplicationScoped
public class StoredRegistrations {

    private static final Logger LOG = Logger.getLogger(StoredRegistrations.class);
    private static final String TABLE = "tokenkeep_registration";
    private static final String COLUMNS =
            "select name, state, version, settings, destination, key_id from tokenkeep_registration ";

    /** A time, so that no version comes again after the database has lost its last changes. */
    private static final String NEXT =
            "version = greatest(version + 1, cast(extract(epoch from clock_timestamp()) * 1000000 as bigint))";

    private final EntityManager entityManager;
    private final TokenCipher cipher;

    StoredRegistrations(@PersistenceUnit("tokenkeep") EntityManager entityManager, TokenCipher cipher) {
        this.entityManager = entityManager;
        this.cipher = cipher;
    }

    /** Returns the version of the latest change; zero if there was none. Reads one row. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    long version() {
        return (Long) entityManager
                .createNativeQuery("select version from tokenkeep_registration_version", Long.class)
                .getSingleResult();
    }

    /** Returns what has changed after this version. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    @SuppressWarnings("unchecked")
    List<StoredRegistration> changedAfter(long version) {
        List<Object[]> rows = entityManager
                .createNativeQuery(COLUMNS + "where version > :version order by version", Object[].class)
                .setParameter("version", version)
                .getResultList();
        return rows.stream().map(this::opened).toList();
    }

    /** Returns the ids of the keys that can decrypt settings. */
    Set<String> keys() {
        return cipher.keyIds();
    }

    /** Begins a change: there is one at a time. */
    void begin() {
        entityManager
                .createNativeQuery("select version from tokenkeep_registration_version for update", Long.class)
                .getSingleResult();
    }

    /** Finds a registration, also a removed one, and keeps sessions from being registered until the change is over. */
    Optional<StoredRegistration> locked(String name) {
        return named(COLUMNS + "where name = :name for update", name);
    }

    /** Finds a registration, also a removed one. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    Optional<StoredRegistration> find(String name) {
        return named(COLUMNS + "where name = :name", name);
    }

    @SuppressWarnings("unchecked")
    private Optional<StoredRegistration> named(String statement, String name) {
        List<Object[]> rows = entityManager
                .createNativeQuery(statement, Object[].class)
                .setParameter("name", name)
                .getResultList();
        return rows.stream().map(this::opened).findFirst();
    }

    /** Returns whether there is this registration, with this destination, and keeps it so until the transaction ends. */
    boolean holds(String name, String destination) {
        return !entityManager
                .createNativeQuery("""
                        select 1 from tokenkeep_registration
                        where name = :name and state = 'ACTIVE' and destination = :destination for share""", Integer.class)
                .setParameter("name", name)
                .setParameter("destination", destination)
                .getResultList()
                .isEmpty();
    }

    /**
     * Has the operator take these names: what the API had added is removed, and with it what it said of their sessions. Not
     * one that was added just now, because replicas may have different configurations while they are updated, and not one
     * that is being removed with its sessions. Returns the names that were taken.
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    @SuppressWarnings("unchecked")
    List<String> giveToOperator(Collection<String> names) {
        return entityManager
                .createNativeQuery("""
                        with given as (
                            select name from tokenkeep_registration
                            where name = any(cast(:names as text[])) and destination <> '' and state <> 'ENDING'
                            and changed_at < now() - interval '10 minutes'),
                        raised as (
                            update tokenkeep_registration_version set %s where exists (select 1 from given)
                            returning version)
                        update tokenkeep_registration r
                        set state = 'REMOVED', settings = null, destination = '', version = raised.version, changed_by = '',
                            changed_at = now()
                        from raised, given where r.name = given.name
                        returning r.name""".formatted(NEXT), String.class)
                .setParameter("names", names.toArray(String[]::new))
                .getResultList();
    }

    /** Adds or replaces a registration. */
    void put(String name, State state, @Nullable Secret settings, String destination, String by) {
        long version = (Long) entityManager
                .createNativeQuery(
                        "update tokenkeep_registration_version set " + NEXT + " returning version", Long.class)
                .getSingleResult();
        RowCipher row = cipher.forRow();
        entityManager
                .createNativeQuery("""
                        insert into tokenkeep_registration as r
                            (name, state, key_id, settings, destination, version, changed_by, changed_at)
                        values (:name, :state, :key, cast(:settings as bytea), :destination, :version, :by, now())
                        on conflict (name) do update
                        set state = excluded.state, key_id = excluded.key_id, settings = excluded.settings,
                            destination = excluded.destination, version = excluded.version,
                            changed_by = excluded.changed_by, changed_at = excluded.changed_at""")
                .setParameter("name", name)
                .setParameter("state", state.name())
                .setParameter("key", row.keyId())
                .setParameter("settings", row.encryptIfAny(settings, place(name, version)))
                .setParameter("destination", destination)
                .setParameter("version", version)
                .setParameter("by", by)
                .executeUpdate();
    }

    /** Re-encrypts up to {@code limit} registrations of a former key. Returns how many. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public int reencrypt(String formerKeyId, int limit) {
        int done = 0;
        for (Object[] row : ofKey(formerKeyId, limit)) {
            String name = (String) row[0];
            try {
                RowCipher anew = cipher.forRow();
                done += entityManager
                        .createNativeQuery("""
                                update tokenkeep_registration set key_id = :key, settings = cast(:settings as bytea)
                                where name = :name""")
                        .setParameter("key", anew.keyId())
                        .setParameter(
                                "settings", anew.reencrypt(formerKeyId, (byte[]) row[3], place(name, (Long) row[2])))
                        .setParameter("name", name)
                        .executeUpdate();
            } catch (UndecryptableException stays) {
                LOG.debugf("Cannot re-encrypt registration %s", name);
            }
        }
        return done;
    }

    @SuppressWarnings("unchecked")
    private List<Object[]> ofKey(String formerKeyId, int limit) {
        return entityManager
                .createNativeQuery(COLUMNS + """
                                where key_id = :former and settings is not null
                                order by name limit :limit for update skip locked""", Object[].class)
                .setParameter("former", formerKeyId)
                .setParameter("limit", limit)
                .getResultList();
    }

    private StoredRegistration opened(Object[] row) {
        String name = (String) row[0];
        long version = (Long) row[2];
        Secret settings = null;
        boolean keyMissing = false;
        try {
            settings = cipher.decryptIfAny((String) row[5], (byte[]) row[3], place(name, version));
        } catch (UndecryptableException e) {
            keyMissing = true;
        }
        return new StoredRegistration(
                name, State.valueOf((String) row[1]), version, settings, (String) row[4], keyMissing);
    }

    private static AssociatedData place(String name, long version) {
        return new AssociatedData(TABLE, "settings", "", name, version);
    }
}
