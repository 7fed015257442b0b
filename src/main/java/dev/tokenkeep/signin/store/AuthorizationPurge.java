package dev.tokenkeep.signin.store;

import dev.tokenkeep.database.AsksDatabase;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;

/** Clears sign-ins away. */
@ApplicationScoped
public class AuthorizationPurge {

    private final EntityManager entityManager;

    AuthorizationPurge(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /**
     * Ends sign-ins whose time is over and wipes their secrets. Deletes those that ended long ago. Returns the larger
     * number of rows.
     *
     * @param kept how long an ended one is kept
     * @param limit of each
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public int purge(Duration kept, int limit) {
        return Math.max(end(limit), delete(kept, limit));
    }

    private int end(int limit) {
        return entityManager
                .createNativeQuery("""
                        update tokenkeep_authorization set
                            status = case when code_hash is null then 'EXPIRED' else 'FAILED' end,
                            error = case when code_hash is null then error else :unknown end,
                            verifier = null, nonce = null, code = null, lease_until = null, next_poll_at = null,
                            ended_at = now()
                        where id in (select id from tokenkeep_authorization
                                     where ended_at is null and expires_at <= now()
                                     and (lease_until is null or lease_until <= now())
                                     limit :limit for update skip locked)""")
                .setParameter("unknown", AuthorizationRow.OUTCOME_UNKNOWN)
                .setParameter("limit", limit)
                .executeUpdate();
    }

    private int delete(Duration kept, int limit) {
        return entityManager
                .createNativeQuery("""
                        delete from tokenkeep_authorization where id in (
                            select id from tokenkeep_authorization
                            where ended_at < now() - :kept * interval '1 microsecond'
                            limit :limit for update skip locked)""")
                .setParameter("kept", kept.toNanos() / 1000)
                .setParameter("limit", limit)
                .executeUpdate();
    }
}
