package dev.tokenkeep.session.budget;

import dev.tokenkeep.database.AsksDatabase;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells which registrations have due sessions: one statement for all of them, however many there are. */
@ApplicationScoped
public class DueRegistrations {

    /** So many due sessions are looked at, and each registration by itself only where there are more. */
    private static final int FIRST = 1000;

    private final EntityManager entityManager;

    DueRegistrations(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** @param registrations those that are configured: a backlog of some must not hide what is due of the others */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Set<String> among(Collection<String> registrations) {
        List<String> first = first();
        return new HashSet<>(first.size() < FIRST ? first : eachOf(registrations));
    }

    @SuppressWarnings("unchecked")
    private List<String> first() {
        return entityManager
                .createNativeQuery("""
                        select registration from tokenkeep_session
                        where status = 'ACTIVE'
                        and refresh_due_at at time zone 'UTC' <= now() at time zone 'UTC'
                        order by refresh_due_at at time zone 'UTC' limit :first""", String.class)
                .setParameter("first", FIRST)
                .getResultList();
    }

    /** Ordered, so that it is the beginning of an index that is looked at, and never the table. */
    @SuppressWarnings("unchecked")
    private List<String> eachOf(Collection<String> registrations) {
        return entityManager
                .createNativeQuery("""
                        select name from unnest(cast(:names as text[])) name
                        where coalesce(
                            (select true from tokenkeep_session where registration = name
                             and status = 'ACTIVE' and failures = 0 and refresh_due_at <= now()
                             order by refresh_due_at limit 1),
                            (select true from tokenkeep_session where registration = name
                             and status = 'ACTIVE' and failures > 0 and refresh_due_at <= now()
                             order by refresh_due_at limit 1))""", String.class)
                .setParameter("names", registrations.toArray(String[]::new))
                .getResultList();
    }
}
