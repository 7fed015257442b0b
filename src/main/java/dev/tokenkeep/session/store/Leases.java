package dev.tokenkeep.session.store;

import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Renews the leases of attempts whose owner still waits for a response. */
@ApplicationScoped
public class Leases {

    private final EntityManager entityManager;
    private final Ticker ticker;

    Leases(@PersistenceUnit("tokenkeep") EntityManager entityManager, Ticker ticker) {
        this.entityManager = entityManager;
        this.ticker = ticker;
    }

    /**
     * Makes the leases of these sessions last for {@code time} from now on, by the database's clock. Skips a session
     * that no longer belongs to its attempt, or whose row is locked at the moment.
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void renew(Collection<ClaimedSession> claimed, Duration time) {
        Deadline end = Deadline.after(ticker.nanos(), time);
        Set<UUID> renewed = new HashSet<>(renewed(claimed, time));
        claimed.stream()
                .filter(session -> renewed.contains(session.attempt().id()))
                .forEach(session -> session.attempt().lease().renew(end));
    }

    /** Waits for no lock: its holder is storing the response, and two batches must not wait for each other. */
    @SuppressWarnings("unchecked")
    private List<UUID> renewed(Collection<ClaimedSession> claimed, Duration time) {
        return entityManager
                .createNativeQuery("""
                        update tokenkeep_session s
                        set lease_until = now() + :lease * interval '1 microsecond'
                        from (select id from tokenkeep_session
                              where id = any(:ids) and attempt_id = any(:attempts) and lease_until is not null
                              for update skip locked) mine
                        where s.id = mine.id
                        returning s.attempt_id""", UUID.class)
                .setParameter("lease", time.toNanos() / 1000)
                .setParameter("ids", claimed.stream().map(ClaimedSession::id).toArray(String[]::new))
                .setParameter(
                        "attempts",
                        claimed.stream().map(one -> one.attempt().id()).toArray(UUID[]::new))
                .getResultList();
    }
}
