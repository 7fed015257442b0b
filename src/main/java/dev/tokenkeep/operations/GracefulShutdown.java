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
    private final PendingWrites held;
    private final ClientRegistrations registrations;
    private final RefreshTimeouts limits;
    private volatile boolean on;
    private volatile boolean complete;

    GracefulShutdown(
            InFlightRefreshes inFlight, PendingWrites held, ClientRegistrations registrations, RefreshTimeouts limits) {
        this.inFlight = inFlight;
        this.held = held;
        this.registrations = registrations;
        this.limits = limits;
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
                    left, held.count());
        }
    }

    /** The slowest registration's: the last request to the end of its hard cap, and a lease to store what came. */
    private Duration atMost() {
        return registrations.all().stream()
                .map(limits::hardCap)
                .max(Comparator.naturalOrder())
                .map(limits.lease()::plus)
                .orElse(Duration.ZERO);
    }
}
