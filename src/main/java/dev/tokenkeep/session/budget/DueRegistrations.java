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

/** Finds the registrations that have due sessions. One statement covers all registrations, however many there are. */
@ApplicationScoped
public class DueRegistrations {

    /** How many due sessions are read first. Only if there are more, each registration is looked at by itself. */
    private static final int MAX_LOOKED_AT = 1000;

    private final EntityManager entityManager;

    DueRegistrations(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** @param registrations the configured ones; a backlog of some must not hide due sessions of the others */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Set<String> among(Collection<String> registrations) {
        List<String> first = first();
        return new HashSet<>(first.size() < MAX_LOOKED_AT ? first : eachOf(registrations));
    }

    @SuppressWarnings("unchecked")
    private List<String> first() {
        return entityManager
                .createNativeQuery("""
                        select registration from tokenkeep_session
                        where status = 'ACTIVE'
                        and refresh_due_at at time zone 'UTC' <= now() at time zone 'UTC'
                        order by refresh_due_at at time zone 'UTC' limit :first""", String.class)
                .setParameter("first", MAX_LOOKED_AT)
                .getResultList();
    }

    /** Ordered, so that only the beginning of an index is read, and never the table. */
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
