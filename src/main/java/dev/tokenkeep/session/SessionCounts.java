package dev.tokenkeep.session;

import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How many sessions there are and how many of them wait, read from indexes alone. */
@ApplicationScoped
public class SessionCounts {

    /** No more due sessions than these are counted: it is a backlog by then, however long. */
    public static final int MOST_DUE = 10_000;

    /**
     * A registration's due sessions, those that are being refreshed right now among them.
     *
     * @param sessions {@link #MOST_DUE} at most
     * @param age since the oldest of them became due; zero if there is none
     */
    public record Due(long sessions, Duration age) {}

    private final EntityManager entityManager;

    SessionCounts(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** The beginning of an index, of however many sessions. */
    @Transactional(TxType.REQUIRES_NEW)
    public Due due(String registration) {
        var found = (Object[]) entityManager
                .createNativeQuery("""
                        select count(*),
                               cast(coalesce(extract(epoch from now() - min(refresh_due_at)), 0) * 1000 as bigint)
                        from (select refresh_due_at from tokenkeep_session
                              where registration = :registration and status = 'ACTIVE' and refresh_due_at <= now()
                              order by refresh_due_at limit :most) due""", Object[].class)
                .setParameter("registration", registration)
                .setParameter("most", MOST_DUE)
                .getSingleResult();
        return new Due((Long) found[0], Duration.ofMillis((Long) found[1]));
    }

    /** The sessions of each registration that has any, by status. Goes through whole indexes: not for every request. */
    @Transactional(TxType.REQUIRES_NEW)
    public Map<String, Map<SessionStatus, Long>> byStatus() {
        var counts = new TreeMap<String, Map<SessionStatus, Long>>();
        for (Object row : entityManager.createNativeQuery("""
                        select registration, 'ACTIVE', count(*) from tokenkeep_session
                        where status = 'ACTIVE' group by registration
                        union all
                        select registration, status, count(*) from tokenkeep_session
                        where status <> 'ACTIVE' group by registration, status""", Object[].class).getResultList()) {
            var columns = (Object[]) row;
            counts.computeIfAbsent((String) columns[0], name -> new EnumMap<>(SessionStatus.class))
                    .put(SessionStatus.valueOf((String) columns[1]), (Long) columns[2]);
        }
        return counts;
    }
}
