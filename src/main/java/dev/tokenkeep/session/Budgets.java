package dev.tokenkeep.session;

import dev.tokenkeep.session.ClaimTerms.Budget;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.util.List;

/**
 * The rate budgets of the registrations that have one, shared by all replicas: for each the time up to which its requests
 * are paid (the generic cell rate algorithm). The row stays locked until the claim commits, so that no two replicas spend
 * the same request.
 */
@Singleton
class Budgets {

    private final EntityManager entityManager;

    Budgets(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** How many of {@code wanted} requests may be sent now; what is sent is told to {@link #spend} before the commit. */
    int allowed(ClaimTerms terms, int wanted) {
        Budget budget = terms.budget();
        if (budget == null) {
            return wanted;
        }
        entityManager
                .createNativeQuery("""
                        insert into tokenkeep_budget (registration, paid_until) values (:registration, now())
                        on conflict do nothing""")
                .setParameter("registration", terms.registration())
                .executeUpdate();
        return (int) Math.min(wanted, remaining(terms.registration(), budget, "for update"));
    }

    /** How many requests may be sent now, looking only. */
    int remaining(String registration, Budget budget) {
        return (int) remaining(registration, budget, "");
    }

    private long remaining(String registration, Budget budget, String lock) {
        double spacing = budget.spacing().toNanos() / 1000d;
        List<?> paidAhead = entityManager
                .createNativeQuery("""
                        select cast(extract(epoch from greatest(paid_until - clock_timestamp(), interval '0'))
                               * 1000000 as double precision)
                        from tokenkeep_budget where registration = :registration\s""" + lock, Double.class)
                .setParameter("registration", registration)
                .getResultList();
        double free = budget.burst() - (paidAhead.isEmpty() ? 0 : (Double) paidAhead.get(0) / spacing);
        return Math.max(0, (long) Math.floor(free));
    }

    void spend(ClaimTerms terms, int requests) {
        Budget budget = terms.budget();
        if (budget == null || requests == 0) {
            return;
        }
        entityManager
                .createNativeQuery("""
                        update tokenkeep_budget
                        set paid_until = greatest(paid_until, clock_timestamp()) + :micros * interval '1 microsecond'
                        where registration = :registration""")
                .setParameter("micros", budget.spacing().toNanos() / 1000 * requests)
                .setParameter("registration", terms.registration())
                .executeUpdate();
    }
}
