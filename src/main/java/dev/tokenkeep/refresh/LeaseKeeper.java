package dev.tokenkeep.refresh;

import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.refresh.timing.RefreshConfig;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.store.Leases;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Renews the leases of refreshes in flight, so that the authorization server may take its time (CONFORMANCE F2). Renews
 * all leases that are half over in one statement. A refresh that ends sooner costs nothing.
 */
@Singleton
class LeaseKeeper {

    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class);

    /** How many times a lease is checked while it lasts. */
    private static final int LOOKS = 8;

    private final Leases leases;
    private final InFlightRefreshes all;
    private final Duration lease;
    private final Workers workers;
    private final Ticker ticker;
    private final Map<UUID, ClaimedSession> inFlight = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean failing;

    LeaseKeeper(Leases leases, InFlightRefreshes all, RefreshConfig config, Workers workers, Ticker ticker) {
        this.leases = leases;
        this.all = all;
        this.lease = config.lease();
        this.workers = workers;
        this.ticker = ticker;
    }

    /** Renews the lease as needed until {@link #release}. */
    void keep(ClaimedSession claimed) {
        inFlight.put(claimed.attempt().id(), claimed);
        schedule();
    }

    void release(ClaimedSession claimed) {
        inFlight.remove(claimed.attempt().id());
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            workers.after(lease.dividedBy(LOOKS), this::look);
        }
    }

    private void look() {
        scheduled.set(false);
        all.slow(slow());
        try {
            renewHalfOver();
        } finally {
            if (!inFlight.isEmpty()) {
                schedule();
            }
        }
    }

    /** Returns how many refreshes of each registration have been waiting for a response since the last check. */
    private Map<String, Integer> slow() {
        long lastLook = ticker.nanos() - lease.dividedBy(LOOKS).toNanos();
        return inFlight.values().stream()
                .filter(claimed -> claimed.attempt().lease().awaitsAnswerSince(lastLook))
                .collect(Collectors.toMap(ClaimedSession::registration, claimed -> 1, Integer::sum));
    }

    private void renewHalfOver() {
        long now = ticker.nanos();
        List<ClaimedSession> halfOver = inFlight.values().stream()
                .filter(claimed ->
                        claimed.attempt().lease().remaining(now).multipliedBy(2).compareTo(lease) < 0)
                .toList();
        if (halfOver.isEmpty()) {
            return;
        }
        try {
            leases.renew(halfOver, lease);
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                DatabaseFailure.log(LOG, e, "Cannot renew the leases of %d refreshes", halfOver.size());
            }
            failing = true;
        }
    }
}
