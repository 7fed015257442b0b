package dev.tokenkeep.session.budget;

import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.fingerprint.Fingerprints;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pauses of registrations, obeyed by all replicas. A pause applies only to the credential that caused it, so a changed
 * credential ends it.
 */
@ApplicationScoped
public class Pauses {

    /** A pause that is active, and its remaining time. */
    public record Pause(String reason, Instant until, Duration remaining) {}

    private final EntityManager entityManager;
    private final Fingerprints fingerprints;
    private final Budgets budgets;

    Pauses(@PersistenceUnit("tokenkeep") EntityManager entityManager, Fingerprints fingerprints, Budgets budgets) {
        this.entityManager = entityManager;
        this.fingerprints = fingerprints;
        this.budgets = budgets;
    }

    /** Starts a pause or extends the active one; never shortens it. Returns true if none was active. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public boolean pause(String registration, Secret credential, String reason, Duration time) {
        boolean news = find(registration, credential).isEmpty();
        entityManager
                .createNativeQuery("""
                        insert into tokenkeep_pause (registration, credential, paused_until, reason)
                        values (:registration, :credential, now() + :time * interval '1 microsecond', :reason)
                        on conflict (registration, credential) do update
                        set paused_until = greatest(tokenkeep_pause.paused_until, excluded.paused_until),
                            reason = excluded.reason, paused_at = now()""")
                .setParameter("registration", registration)
                .setParameter("credential", fingerprints.of(credential))
                .setParameter("time", time.toNanos() / 1000)
                .setParameter("reason", reason)
                .executeUpdate();
        return news;
    }

    /** Ends a registration's pause, whatever credential caused it. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void resume(String registration) {
        entityManager
                .createNativeQuery("delete from tokenkeep_pause where registration = :registration")
                .setParameter("registration", registration)
                .executeUpdate();
    }

    /** Returns the active pause for this credential. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<Pause> holding(String registration, Secret credential) {
        return find(registration, credential);
    }

    private Optional<Pause> find(String registration, Secret credential) {
        List<?> found = entityManager
                .createNativeQuery("""
                        select reason, paused_until,
                               cast(extract(epoch from paused_until - now()) * 1000 as bigint)
                        from tokenkeep_pause
                        where registration = :registration and credential = :credential and paused_until > now()""", Object[].class)
                .setParameter("registration", registration)
                .setParameter("credential", fingerprints.of(credential))
                .getResultList();
        return found.stream().findFirst().map(row -> pause((Object[]) row));
    }

    private static Pause pause(Object[] row) {
        return new Pause((String) row[0], (Instant) row[1], Duration.ofMillis((Long) row[2]));
    }

    /** Returns the active pauses for these credentials, by registration. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Map<String, Pause> holding(Map<String, Secret> credentials) {
        List<?> found = entityManager.createNativeQuery("""
                        select reason, paused_until,
                               cast(extract(epoch from paused_until - now()) * 1000 as bigint), registration, credential
                        from tokenkeep_pause where paused_until > now()""", Object[].class).getResultList();
        var pauses = new HashMap<String, Pause>();
        for (Object row : found) {
            var columns = (Object[]) row;
            Secret credential = credentials.get((String) columns[3]);
            if (credential != null && Arrays.equals(fingerprints.of(credential), (byte[]) columns[4])) {
                pauses.put((String) columns[3], pause(columns));
            }
        }
        return pauses;
    }

    /** Returns how many token requests each budget allows right now, by registration. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Map<String, Integer> budgetsRemaining(Map<String, Budget> limited) {
        return limited.isEmpty() ? Map.of() : budgets.remaining(limited);
    }
}
