package dev.tokenkeep.session.upkeep;

import dev.tokenkeep.database.AsksDatabase;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Finds out which keys the rows need. */
@ApplicationScoped
public class KeyUse {

    private final EntityManager entityManager;

    KeyUse(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** Returns how many rows each key has encrypted, by its id. Reads a whole index: not for every request. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Map<String, Long> rowsByKey() {
        return counts(entityManager.createNativeQuery("""
                select key_id, sum(n)::bigint from (
                    select key_id, count(*) n from tokenkeep_session group by key_id
                    union all select key_id, count(*) from tokenkeep_revocation group by key_id
                    union all select key_id, count(*) from tokenkeep_authorization
                        where ended_at is null group by key_id
                    union all select key_id, count(*) from tokenkeep_registration
                        where settings is not null group by key_id
                    union all select key_id, 1 from tokenkeep_fingerprint_key) used
                group by key_id""", Object[].class));
    }

    /** Returns how many rows need each key that is not among these. Tombstones need no key. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Map<String, Long> missing(Collection<String> readable) {
        return counts(entityManager
                .createNativeQuery("""
                        select key_id, sum(n)::bigint from (
                            select key_id, count(*) n from tokenkeep_session
                            where key_id <> all(:readable) and status <> 'REMOVED' group by key_id
                            union all select key_id, count(*) from tokenkeep_revocation
                            where key_id <> all(:readable) group by key_id
                            union all select key_id, count(*) from tokenkeep_registration
                            where key_id <> all(:readable) and settings is not null group by key_id) used
                        group by key_id""", Object[].class)
                .setParameter("readable", readable.toArray(String[]::new)));
    }

    private static Map<String, Long> counts(Query query) {
        var counts = new TreeMap<String, Long>();
        for (Object row : query.getResultList()) {
            var columns = (Object[]) row;
            counts.put((String) columns[0], (Long) columns[1]);
        }
        return counts;
    }
}
