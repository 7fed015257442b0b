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
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Shuts the process down: claims nothing new, lets refreshes in flight finish and be stored, and counts those that
 * could not be stored.
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
            InFlightRefreshes inFlight,
            PendingWrites pending,
            ClientRegistrations registrations,
            RefreshTimeouts timeouts) {
        this.inFlight = inFlight;
        this.pending = pending;
        this.registrations = registrations;
        this.timeouts = timeouts;
    }

    /** Returns whether claims have stopped. */
    boolean on() {
        return on;
    }

    /** Returns whether the drain is over and everything was stored. */
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
                    "Stopped with %d unfinished refreshes, %d of them answered but not stored: the users of these"
                            + " sessions may have to sign in again",
                    left, pending.count());
        }
    }

    /**
     * Returns the longest time that the drain may take: the longest hard cap of all registrations, plus a lease to
     * store the last tokens.
     */
    private Duration atMost() {
        return Stream.concat(registrations.all().stream(), registrations.ofTheOperator().stream())
                .map(timeouts::hardCap)
                .max(Comparator.naturalOrder())
                .map(timeouts.lease()::plus)
                .orElse(Duration.ZERO);
    }
}
