package dev.tokenkeep.session.store;

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
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The outbox of refresh tokens to revoke (CONFORMANCE A6): filled in the transaction that lets go of a token, emptied by
 * the job once the authorization server has said that the token is gone.
 */
@ApplicationScoped
public class Revocations {

    private static final Logger LOG = Logger.getLogger(Revocations.class);

    /** So many due revocations are looked at, and each registration by itself only where there are more. */
    private static final int FIRST = 1000;

    /**
     * A revocation that this call's caller, and nobody else for a while, sends.
     *
     * @param attempts how often it was tried before
     * @param age since it was asked for
     */
    public record Due(UUID id, String registration, Secret refreshToken, int attempts, Duration age) {}

    private final EntityManager entityManager;
    private final SessionEncryption encryption;

    Revocations(@PersistenceUnit("tokenkeep") EntityManager entityManager, SessionEncryption encryption) {
        this.entityManager = entityManager;
        this.encryption = encryption;
    }

    /** Within the transaction of the caller. */
    void add(String sessionId, String registration, Secret refreshToken, long version, Instant now) {
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
     * Takes due revocations of these registrations, which are due again after {@code lease} unless they are settled.
     *
     * @param each of one registration at most: its backlog keeps no other's waiting
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public List<Due> claim(Collection<String> registrations, int each, Duration lease) {
        List<String> first = first();
        List<String> names = first.size() < FIRST
                ? first.stream().distinct().filter(registrations::contains).toList()
                : List.copyOf(registrations);
        return names.isEmpty() ? List.of() : opened(claimed(names, each, lease), lease);
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
                .setParameter("first", FIRST)
                .getResultList();
    }

    @SuppressWarnings("unchecked")
    private List<RevocationRow> claimed(List<String> registrations, int each, Duration lease) {
        return entityManager
                .createNativeQuery("""
                        with picked as (
                            select due.id from unnest(cast(:names as text[])) name cross join lateral (
                                select id from tokenkeep_revocation
                                where registration = name and not_before <= now()
                                order by not_before limit :each for update skip locked) due)
                        update tokenkeep_revocation r
                        set not_before = now() + :lease * interval '1 microsecond', attempts = r.attempts + 1
                        from picked where r.id = picked.id
                        returning r.*""", RevocationRow.class)
                .setParameter("names", registrations.toArray(String[]::new))
                .setParameter("each", each)
                .setParameter("lease", lease.toNanos() / 1000)
                .getResultList();
    }

    /** It is gone, or will never be. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void settle(UUID id) {
        entityManager
                .createNativeQuery("delete from tokenkeep_revocation where id = :id")
                .setParameter("id", id)
                .executeUpdate();
    }

    /**
     * Gives up those of registrations that are configured nowhere: whoever had one configured would have settled its revocations
     * after a day.
     *
     * @param configured here; a registration that is not may be so at another replica
     * @param age that they have at least
     * @return the registrations of up to {@code limit} that were given up
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

    /** Another try after {@code wait}. */
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
}
