package dev.tokenkeep.session.upkeep;

import dev.tokenkeep.database.AsksDatabase;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;

/** Purges removed sessions once their attempt and their revocation are over. */
@ApplicationScoped
public class RemovedSessions {

    private final EntityManager entityManager;

    RemovedSessions(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /**
     * Purges up to {@code limit} removed sessions.
     *
     * @param grace the wait after the end of a lease: its owner may hold a response that has to find the tombstone
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public int purge(Duration grace, int limit) {
        return entityManager
                .createNativeQuery("""
                        delete from tokenkeep_session where id in (
                            select id from tokenkeep_session s
                            where status = 'REMOVED'
                            and (lease_until is null or lease_until + :grace * interval '1 microsecond' <= now())
                            and not exists (select 1 from tokenkeep_revocation r where r.session_id = s.id)
                            limit :limit for update skip locked)""")
                .setParameter("grace", grace.toNanos() / 1000)
                .setParameter("limit", limit)
                .executeUpdate();
    }
}
