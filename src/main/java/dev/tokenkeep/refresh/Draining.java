package dev.tokenkeep.refresh;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * The end of the process: nothing new is claimed, what is in flight is finished and stored, and what could not be stored
 * is counted.
 */
@ApplicationScoped
class Draining {

    private static final Logger LOG = Logger.getLogger(Draining.class);

    private final InFlight inFlight;
    private final HeldAnswers held;
    private final RefreshConfig config;
    private volatile boolean on;

    Draining(InFlight inFlight, HeldAnswers held, RefreshConfig config) {
        this.inFlight = inFlight;
        this.held = held;
        this.config = config;
    }

    /** Whether claims have stopped. */
    boolean on() {
        return on;
    }

    void announced(@Observes ShutdownDelayInitiatedEvent event) {
        on = true;
    }

    void drain(@Observes ShutdownEvent event) {
        on = true;
        Duration atMost = config.lease().plus(config.hardCap());
        if (inFlight.count() > 0) {
            LOG.infof("Waiting for %d refreshes to be finished and stored", inFlight.count());
        }
        int left = inFlight.awaitNone(atMost);
        if (left > 0) {
            held.tryAll();
            LOG.errorf(
                    "Stopped with %d refreshes unfinished, %d of them answered and not stored: their sessions may need"
                            + " their users to sign in again",
                    left, held.count());
        }
    }
}
