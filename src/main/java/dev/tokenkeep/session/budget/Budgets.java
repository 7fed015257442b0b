package dev.tokenkeep.session.budget;

import static dev.tokenkeep.session.budget.BudgetShares.RETRIES_PART;

import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.DueTerms;
import dev.tokenkeep.session.budget.BudgetShares.Allowance;
import dev.tokenkeep.session.budget.BudgetShares.Paid;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The rate budgets of the registrations that have one, shared by all replicas. Each has the time up to which its
 * requests are paid (the generic cell rate algorithm), and the same for its retries. The row stays locked until the
 * claim commits, so that no two replicas spend the same request.
 */
@Singleton
public class Budgets {

    private final EntityManager entityManager;

    Budgets(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** Returns how many requests of each may be sent for a reader now. Spends nothing. */
    Map<String, Integer> remaining(Map<String, Budget> budgets) {
        Map<String, Paid> paid = paid(budgets, "");
        var remaining = new HashMap<String, Integer>();
        budgets.forEach((name, budget) -> remaining.put(name, BudgetShares.ofReaders(budget, of(name, paid))));
        return remaining;
    }

    /** Returns whether a request may be sent for a reader now. Pass it to {@link #spend} before the commit. */
    public boolean allowsReader(ClaimTerms terms) {
        Budget budget = terms.budget();
        return budget == null
                || BudgetShares.ofReaders(
                                budget, of(terms.registration(), locked(Map.of(terms.registration(), budget))))
                        > 0;
    }

    /** Returns what the job may send for each registration. Pass what is sent to {@link #spend} before the commit. */
    public List<DueTerms> within(List<DueTerms> due) {
        var budgets = new HashMap<String, Budget>();
        due.forEach(one -> {
            if (one.terms().budget() != null) {
                budgets.put(one.terms().registration(), one.terms().budget());
            }
        });
        Map<String, Paid> paid = budgets.isEmpty() ? Map.of() : locked(budgets);
        return due.stream()
                .map(one -> within(one, of(one.terms().registration(), paid)))
                .toList();
    }

    private static DueTerms within(DueTerms one, Paid paid) {
        Budget budget = one.terms().budget();
        if (budget == null) {
            return one;
        }
        Allowance allowance = BudgetShares.ofJob(budget, paid, one.proven());
        return one.within(allowance.requests(), allowance.retries());
    }

    private static Paid of(String registration, Map<String, Paid> paid) {
        return paid.getOrDefault(registration, Paid.NOTHING);
    }

    private Map<String, Paid> locked(Map<String, Budget> budgets) {
        entityManager
                .createNativeQuery("""
                        insert into tokenkeep_budget (registration, paid_until)
                        select name, now() from unnest(cast(:names as text[])) name order by name
                        on conflict do nothing""")
                .setParameter("names", budgets.keySet().toArray(String[]::new))
                .executeUpdate();
        return paid(budgets, " order by registration for update");
    }

    private Map<String, Paid> paid(Map<String, Budget> budgets, String lock) {
        List<?> found = entityManager
                .createNativeQuery("""
                        select registration,
                               cast(extract(epoch from greatest(paid_until - clock_timestamp(), interval '0'))
                                    * 1000000 as double precision),
                               cast(extract(epoch from greatest(retries_paid_until - clock_timestamp(), interval '0'))
                                    * 1000000 as double precision)
                        from tokenkeep_budget where registration = any(:names)""" + lock, Object[].class)
                .setParameter("names", budgets.keySet().toArray(String[]::new))
                .getResultList();
        var paid = new HashMap<String, Paid>();
        for (Object row : found) {
            var columns = (Object[]) row;
            var name = (String) columns[0];
            double spacing = micros(Objects.requireNonNull(budgets.get(name)));
            paid.put(name, new Paid((Double) columns[1] / spacing, (Double) columns[2] / spacing / RETRIES_PART));
        }
        return paid;
    }

    private static long micros(Budget budget) {
        return budget.spacing().toNanos() / 1000;
    }

    /** Pays for one request that concerns no session, from what sessions leave. Returns whether the budget allows it. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public boolean payForOne(ClaimTerms terms) {
        Budget budget = terms.budget();
        if (budget == null) {
            return true;
        }
        Paid paid = of(terms.registration(), locked(Map.of(terms.registration(), budget)));
        if (BudgetShares.ofGrants(budget, paid) == 0) {
            return false;
        }
        spend(List.of(terms), List.of(new Claimed(terms.registration(), false)));
        return true;
    }

    /** A claimed session, with what decides about its cost. */
    public record Claimed(String registration, boolean failedBefore) {}

    /** Pays for the claimed sessions. Their budgets are locked already. */
    public void spend(Collection<ClaimTerms> terms, List<Claimed> claimed) {
        List<Spent> spent =
                terms.stream().flatMap(one -> Spent.of(one, claimed).stream()).toList();
        if (spent.isEmpty()) {
            return;
        }
        entityManager
                .createNativeQuery("""
                        update tokenkeep_budget b
                        set paid_until = greatest(b.paid_until, clock_timestamp()) + s.micros * interval '1 microsecond',
                            retries_paid_until = case when s.retries = 0 then b.retries_paid_until
                                else least(greatest(b.retries_paid_until, clock_timestamp())
                                               + s.retries * interval '1 microsecond',
                                           clock_timestamp() + s.most * interval '1 microsecond') end
                        from unnest(cast(:names as text[]), cast(:micros as bigint[]), cast(:retries as bigint[]),
                                    cast(:most as bigint[])) s(registration, micros, retries, most)
                        where b.registration = s.registration""")
                .setParameter("names", spent.stream().map(Spent::registration).toArray(String[]::new))
                .setParameter("micros", spent.stream().map(Spent::micros).toArray(Long[]::new))
                .setParameter("retries", spent.stream().map(Spent::retries).toArray(Long[]::new))
                .setParameter("most", spent.stream().map(Spent::most).toArray(Long[]::new))
                .executeUpdate();
    }

    /**
     * What a claim spends of a budget, in microseconds.
     *
     * @param retries from the part that is reserved for retries
     * @param most the maximum that retries pay in advance: what others left for them does not count for longer
     */
    private record Spent(String registration, long micros, long retries, long most) {

        static Optional<Spent> of(ClaimTerms terms, List<Claimed> claimed) {
            Budget budget = terms.budget();
            List<Claimed> own = claimed.stream()
                    .filter(session -> session.registration().equals(terms.registration()))
                    .toList();
            if (budget == null || own.isEmpty()) {
                return Optional.empty();
            }
            long retries = own.stream().filter(Claimed::failedBefore).count();
            long spacing = Budgets.micros(budget);
            long ofRetries = spacing * RETRIES_PART;
            return Optional.of(new Spent(
                    terms.registration(),
                    spacing * own.size(),
                    ofRetries * retries,
                    ofRetries * BudgetShares.burstOfRetries(budget)));
        }
    }
}
