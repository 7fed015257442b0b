package dev.tokenkeep.operations;

import dev.tokenkeep.refresh.InFlightRefreshes;
import dev.tokenkeep.refresh.PendingWrites;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistrations;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Comparator;
import org.jboss.logging.Logger;

/**
 * The end of the process: nothing new is claimed, what is in flight is finished and stored, and what could not be stored
 * is counted.
 */
@Singleton
class GracefulShutdown {

    private static final Logger LOG = Logger.getLogger(GracefulShutdown.class);

    private final InFlightRefreshes inFlight;
    private final PendingWrites pending;
    private final ClientRegistrations registrations;
    private final RefreshTimeouts timeouts;
    private volatile boolean on;
    private volatile boolean complete;

    GracefulShutdown(
            InFlightRefreshes inFlight, PendingWrites pending, ClientRegistrations registrations, RefreshTimeouts timeouts) {
        this.inFlight = inFlight;
        this.pending = pending;
        this.registrations = registrations;
        this.timeouts = timeouts;
    }

    /** Whether claims have stopped. */
    boolean on() {
        return on;
    }

    /** Whether it is over and everything was stored. */
    boolean complete() {
        return complete;
    }

    void announced(@Observes ShutdownDelayInitiatedEvent event) {
        begin();
    }

    private void begin() {
        on = true;
        inFlight.close();
    }

    void drain(@Observes ShutdownEvent event) {
        begin();
        if (inFlight.count() > 0) {
            LOG.infof("Waiting for %d refreshes to finish", inFlight.count());
        }
        int left = inFlight.awaitNone(atMost());
        complete = left == 0;
        if (!complete) {
            LOG.errorf(
                    "Stopped with %d refreshes unfinished, %d of them answered and not stored: their sessions may need"
                            + " their users to sign in again",
                    left, pending.count());
        }
    }

    /** The slowest registration's: the last request to the end of its hard cap, and a lease to store what came. */
    private Duration atMost() {
        return registrations.all().stream()
                .map(timeouts::hardCap)
                .max(Comparator.naturalOrder())
                .map(timeouts.lease()::plus)
                .orElse(Duration.ZERO);
    }
}
