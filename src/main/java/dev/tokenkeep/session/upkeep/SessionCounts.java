package dev.tokenkeep.session.upkeep;

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

/** Counts all sessions and the due ones, reading only indexes. */
@ApplicationScoped
public class SessionCounts {

    /** The maximum number of due sessions to count. More is a backlog, however long. */
    public static final int MAX_DUE = 10_000;

    /**
     * A registration's due sessions, including those that are being refreshed right now.
     *
     * @param sessions {@link #MAX_DUE} at most
     * @param age the time since the oldest of them became due; zero if there is none
     */
    public record Due(long sessions, Duration age) {

        public static final Due NONE = new Due(0, Duration.ZERO);
    }

    private final EntityManager entityManager;

    SessionCounts(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** Returns due sessions by registration, without those that have none. Reads only the beginnings of indexes. */
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
                .setParameter("most", (long) MAX_DUE)
                .getResultList();
        var due = new HashMap<String, Due>();
        for (Object row : found) {
            var columns = (Object[]) row;
            due.put((String) columns[0], new Due((Long) columns[1], Duration.ofMillis((Long) columns[2])));
        }
        return due;
    }

    /** Returns each registration's sessions by status, if it has any. Reads whole indexes: not for every request. */
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
