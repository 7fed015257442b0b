package dev.tokenkeep.session.upkeep;

import dev.tokenkeep.database.AsksDatabase;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.List;

/**
 * Finds what there is of a registration, whoever owns it. Ordered as the indexes are, so that only their beginnings are read.
 */
@ApplicationScoped
public class SessionsOfRegistration {

    private final EntityManager entityManager;

    SessionsOfRegistration(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** Returns whether there is nothing left of any session, not even of removed ones, and nothing to revoke. */
    @AsksDatabase
    @Transactional(TxType.REQUIRED)
    public boolean isEmpty(String registration) {
        return (Boolean) entityManager
                .createNativeQuery("""
                        select coalesce(
                            (select false from tokenkeep_session
                             where registration = :registration and status = 'ACTIVE' and failures = 0
                             order by refresh_due_at limit 1),
                            (select false from tokenkeep_session
                             where registration = :registration and status = 'ACTIVE' and failures > 0
                             order by refresh_due_at limit 1),
                            (select false from tokenkeep_session
                             where registration = :registration and status <> 'ACTIVE'
                             order by registration, status limit 1),
                            (select false from tokenkeep_revocation
                             where registration = :registration order by not_before limit 1),
                            true)""", Boolean.class)
                .setParameter("registration", registration)
                .getSingleResult();
    }

    /**
     * Returns the registrations that have sessions, or refresh tokens to be revoked, and this text in their names. Reads an
     * index once for each registration: not for every request.
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    @SuppressWarnings("unchecked")
    public List<String> registrationsWith(String text) {
        return entityManager
                .createNativeQuery("""
                        with recursive used as (
                            (select registration from tokenkeep_session order by registration limit 1)
                            union all
                            select (select s.registration from tokenkeep_session s
                                    where s.registration > used.registration order by s.registration limit 1)
                            from used where used.registration is not null),
                        revoked as (
                            (select registration from tokenkeep_revocation order by registration limit 1)
                            union all
                            select (select r.registration from tokenkeep_revocation r
                                    where r.registration > revoked.registration order by r.registration limit 1)
                            from revoked where revoked.registration is not null)
                        select registration from used where position(:text in registration) > 0
                        union
                        select registration from revoked where position(:text in registration) > 0""", String.class)
                .setParameter("text", text)
                .getResultList();
    }

    /** Returns the ids of some sessions, {@code limit} at most. Removed ones do not count. */
    @AsksDatabase
    @Transactional(TxType.REQUIRED)
    @SuppressWarnings("unchecked")
    public List<String> ids(String registration, int limit) {
        return entityManager
                .createNativeQuery("""
                        (select id from tokenkeep_session
                         where registration = :registration and status = 'ACTIVE' and failures = 0
                         order by refresh_due_at limit :limit)
                        union all
                        (select id from tokenkeep_session
                         where registration = :registration and status = 'ACTIVE' and failures > 0
                         order by refresh_due_at limit :limit)
                        union all
                        (select id from tokenkeep_session
                         where registration = :registration and status <> 'ACTIVE'
                         and status in ('REAUTHENTICATION_REQUIRED', 'USER_ACTION_REQUIRED', 'QUARANTINED')
                         order by registration, status limit :limit)
                        limit :limit""", String.class)
                .setParameter("registration", registration)
                .setParameter("limit", limit)
                .getResultList();
    }
}
