package dev.tokenkeep.session.revocation;

import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.Secret;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The outbox of refresh tokens to revoke (CONFORMANCE A6). A token is added in the transaction that gives it up. The
 * job removes it once the authorization server has said that the token is gone.
 */
@ApplicationScoped
public class Revocations {

    private static final Logger LOG = Logger.getLogger(Revocations.class);

    /** How many due revocations are read first. Only if there are more, each registration is looked at by itself. */
    private static final int MAX_LOOKED_AT = 1000;

    /**
     * A claimed revocation, which nobody else sends for a while.
     *
     * @param attempts how often it was tried before
     * @param age the time since it was requested
     */
    public record Due(UUID id, String registration, Secret refreshToken, int attempts, Duration age) {}

    private final EntityManager entityManager;
    private final RevocationEncryption encryption;

    Revocations(@PersistenceUnit("tokenkeep") EntityManager entityManager, RevocationEncryption encryption) {
        this.entityManager = entityManager;
        this.encryption = encryption;
    }

    /** Adds a revocation within the current transaction. */
    public void add(String sessionId, String registration, Secret refreshToken, long version, Instant now) {
        var row = new RevocationRow();
        row.id = UUID.randomUUID();
        row.sessionId = sessionId;
        row.registration = registration;
        row.rtVersion = version;
        row.notBefore = now;
        row.createdAt = now;
        encryption.seal(row, refreshToken);
        entityManager.persist(row);
    }

    /**
     * Has a refresh token revoked that no session ever had.
     *
     * @param origin what it came from, such as the id of a sign-in
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void addUnkept(String origin, String registration, Secret refreshToken) {
        Instant now = (Instant) entityManager
                .createNativeQuery("select clock_timestamp()", Instant.class)
                .getSingleResult();
        add(origin, registration, refreshToken, 0, now);
    }

    /**
     * Claims due revocations of these registrations. They are due again after {@code lease} unless they are settled.
     *
     * @param registrations where each sends tokens, by its name, if the API added it; empty for one of the operator's. One
     *     that has become that of another client is left out
     * @param each the maximum of one registration, so that its backlog does not delay the others
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public List<Due> claim(Map<String, String> registrations, int each, Duration lease) {
        List<String> first = first();
        List<String> names = first.size() < MAX_LOOKED_AT
                ? first.stream().distinct().filter(registrations::containsKey).toList()
                : List.copyOf(registrations.keySet());
        return names.isEmpty() ? List.of() : opened(claimed(names, registrations, each, lease), lease);
    }

    private List<Due> opened(List<RevocationRow> rows, Duration lease) {
        var due = new ArrayList<Due>(rows.size());
        for (RevocationRow row : rows) {
            try {
                Duration age = Duration.between(row.createdAt, row.notBefore.minus(lease));
                due.add(new Due(row.id, row.registration, encryption.refreshToken(row), row.attempts - 1, age));
            } catch (UndecryptableException e) {
                LOG.errorf(
                        "A revocation for registration %s waits for its encryption key: %s",
                        row.registration, e.getMessage());
            }
        }
        return due;
    }

    @SuppressWarnings("unchecked")
    private List<String> first() {
        return entityManager
                .createNativeQuery("""
                        select registration from tokenkeep_revocation
                        where not_before at time zone 'UTC' <= now() at time zone 'UTC'
                        order by not_before at time zone 'UTC' limit :first""", String.class)
                .setParameter("first", MAX_LOOKED_AT)
                .getResultList();
    }

    @SuppressWarnings("unchecked")
    private List<RevocationRow> claimed(
            List<String> names, Map<String, String> destinations, int each, Duration lease) {
        return entityManager
                .createNativeQuery("""
                        with picked as (
                            select due.id from unnest(cast(:names as text[]), cast(:destinations as text[]))
                                as known(name, destination)
                            cross join lateral (
                                select id from tokenkeep_revocation
                                where registration = known.name and not_before <= now()
                                order by not_before limit :each for update skip locked) due
                            where known.destination = ''
                            or exists (select 1 from tokenkeep_registration a
                                       where a.name = known.name and a.state in ('ACTIVE', 'ENDING')
                                       and a.destination = known.destination))
                        update tokenkeep_revocation r
                        set not_before = now() + :lease * interval '1 microsecond', attempts = r.attempts + 1
                        from picked where r.id = picked.id
                        returning r.*""", RevocationRow.class)
                .setParameter("names", names.toArray(String[]::new))
                .setParameter(
                        "destinations", names.stream().map(destinations::get).toArray(String[]::new))
                .setParameter("each", each)
                .setParameter("lease", lease.toNanos() / 1000)
                .getResultList();
    }

    /** Deletes the revocation: the token is gone, or it can never be revoked. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void settle(UUID id) {
        entityManager
                .createNativeQuery("delete from tokenkeep_revocation where id = :id")
                .setParameter("id", id)
                .executeUpdate();
    }

    /**
     * Deletes revocations of registrations that are not configured anywhere. A replica that has one configured would
     * have settled its revocations within a day.
     *
     * @param configured the registrations of this replica; another replica may have more
     * @param age the minimum age of a revocation
     * @return the registrations of the deleted revocations, up to {@code limit}
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    @SuppressWarnings("unchecked")
    public List<String> giveUp(Collection<String> configured, Duration age, int limit) {
        return entityManager
                .createNativeQuery("""
                        delete from tokenkeep_revocation where id in (
                            select id from tokenkeep_revocation
                            where registration <> all(cast(:names as text[]))
                            and created_at < now() - :age * interval '1 microsecond'
                            limit :limit for update skip locked)
                        returning registration""", String.class)
                .setParameter("names", configured.toArray(String[]::new))
                .setParameter("age", age.toNanos() / 1000)
                .setParameter("limit", limit)
                .getResultList();
    }

    /** Deletes some revocations of a registration that nobody can revoke with any more. Returns how many. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public int giveUp(String registration, int limit) {
        return entityManager
                .createNativeQuery("""
                        delete from tokenkeep_revocation where id in (
                            select id from tokenkeep_revocation where registration = :registration
                            order by not_before limit :limit for update skip locked)""")
                .setParameter("registration", registration)
                .setParameter("limit", limit)
                .executeUpdate();
    }

    /** Schedules another try after {@code wait}. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void again(UUID id, Duration wait) {
        entityManager
                .createNativeQuery("""
                        update tokenkeep_revocation
                        set not_before = now() + :wait * interval '1 microsecond' where id = :id""")
                .setParameter("wait", wait.toNanos() / 1000)
                .setParameter("id", id)
                .executeUpdate();
    }

    /** Re-encrypts up to {@code limit} revocations of a former key, with their rows locked. Returns how many. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public int reencrypt(String formerKeyId, int limit) {
        int done = 0;
        for (RevocationRow row : locked(formerKeyId, limit)) {
            try {
                encryption.reseal(row);
                done++;
            } catch (UndecryptableException stays) {
                LOG.debugf("Cannot re-encrypt a revocation of key %s", formerKeyId);
            }
        }
        return done;
    }

    @SuppressWarnings("unchecked")
    private List<RevocationRow> locked(String formerKeyId, int limit) {
        return entityManager
                .createNativeQuery("""
                        select * from tokenkeep_revocation where key_id = :former
                        order by created_at desc limit :limit for update skip locked""", RevocationRow.class)
                .setParameter("former", formerKeyId)
                .setParameter("limit", limit)
                .getResultList();
    }
}
