package dev.tokenkeep.session.upkeep;

import dev.tokenkeep.database.AsksDatabase;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Handles sessions that nobody reads, if the job is to skip them. A read is only remembered in memory. From time to
 * time the reads of many sessions are written at once.
 */
@ApplicationScoped
public class UnreadSessions {

    private static final int AT_ONCE = 1000;

    /** Selects skipped sessions. Any other session is due before its access token expires, or is backing off. */
    private static final String LEFT_ALONE = """
            (status = 'ACTIVE' and (refresh_due_at is null
                                    or refresh_due_at = keep_alive_at and refresh_due_at > access_token_expires_at))""";

    private final EntityManager entityManager;
    private volatile boolean remembering;
    private final Set<String> read = ConcurrentHashMap.newKeySet();

    UnreadSessions(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** Remembers reads from now on, until they are written. */
    public void remember() {
        remembering = true;
    }

    /** Records that somebody wants this session's token. */
    public void wanted(String id) {
        if (remembering) {
            read.add(id);
        }
    }

    /**
     * Writes the reads since the last call. A session that had been skipped is due again.
     *
     * @param grain a session whose last written read is younger is not written again
     */
    public void note(Duration grain) {
        List<String> ids = new ArrayList<>(read);
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + AT_ONCE));
            note(some.toArray(String[]::new), grain);
            some.forEach(read::remove);
        }
    }

    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    void note(String[] ids, Duration grain) {
        entityManager
                .createNativeQuery("""
                        update tokenkeep_session
                        set read_at = now(),
                            refresh_due_at = case when %1$s then now() else refresh_due_at end
                        where id = any(:ids)
                        and (read_at is null or read_at < now() - :grain * interval '1 microsecond' or %1$s)""".formatted(LEFT_ALONE))
                .setParameter("ids", ids)
                .setParameter("grain", grain.toNanos() / 1000)
                .executeUpdate();
    }

    /**
     * Hides up to {@code limit} due sessions, unread for {@code time}, from the job. If a refresh token has to be kept
     * alive, its session is due again only for that. A token that may have been spent is left to the claim.
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public int leaveAlone(Duration time, int limit) {
        return entityManager
                .createNativeQuery("""
                        update tokenkeep_session set refresh_due_at = keep_alive_at
                        where id = any (array(
                            select id from tokenkeep_session
                            where status = 'ACTIVE'
                            and refresh_due_at at time zone 'UTC' <= now() at time zone 'UTC'
                            and (lease_until is null or lease_until <= now())
                            and sent_version is distinct from rt_version
                            and (keep_alive_at is null or keep_alive_at > now())
                            and coalesce(read_at, created_at) <= now() - :time * interval '1 microsecond'
                            order by refresh_due_at at time zone 'UTC' limit :limit for update skip locked))""")
                .setParameter("time", time.toNanos() / 1000)
                .setParameter("limit", limit)
                .executeUpdate();
    }
}
