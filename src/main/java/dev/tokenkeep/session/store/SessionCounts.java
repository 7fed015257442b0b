package dev.tokenkeep.session.store;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.database.AsksDatabase;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
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
    public record Due(long sessions, Duration age) {

        public static final Due NONE = new Due(0, Duration.ZERO);
    }

    private final EntityManager entityManager;

    SessionCounts(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** Those of these registrations that have any. Reads the beginnings of indexes, of however many sessions. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Map<String, Due> due(Collection<String> registrations) {
        List<?> found = entityManager
                .createNativeQuery("""
                        select name, least(:most, cast(sum(sessions) as bigint)),
                               cast(extract(epoch from now() - min(oldest)) * 1000 as bigint)
                        from unnest(cast(:names as text[])) name cross join lateral (
                            select count(*) sessions, min(refresh_due_at) oldest
                            from (select refresh_due_at from tokenkeep_session
                                  where registration = name and status = 'ACTIVE' and failures = 0
                                  and refresh_due_at <= now()
                                  order by refresh_due_at limit :most) fresh
                            union all
                            select count(*), min(refresh_due_at)
                            from (select refresh_due_at from tokenkeep_session
                                  where registration = name and status = 'ACTIVE' and failures > 0
                                  and refresh_due_at <= now()
                                  order by refresh_due_at limit :most) again) due
                        group by name having sum(sessions) > 0""", Object[].class)
                .setParameter("names", registrations.toArray(String[]::new))
                .setParameter("most", (long) MOST_DUE)
                .getResultList();
        var due = new HashMap<String, Due>();
        for (Object row : found) {
            var columns = (Object[]) row;
            due.put((String) columns[0], new Due((Long) columns[1], Duration.ofMillis((Long) columns[2])));
        }
        return due;
    }

    /** The sessions of each registration that has any, by status. Goes through whole indexes: not for every request. */
    @AsksDatabase
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
