package dev.tokenkeep.signin.device;

import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.refresh.timing.RefreshDisabled;
import dev.tokenkeep.signin.store.DeviceAuthorizations;
import dev.tokenkeep.signin.store.DeviceAuthorizations.Due;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Polls for the device sign-ins that are due, of all replicas. While none is pending it looks only now and then, for those
 * that another replica began and left.
 */
@ApplicationScoped
public class DevicePollJob {

    private static final Logger LOG = Logger.getLogger(DevicePollJob.class);
    private static final Duration IDLE = Duration.ofSeconds(15);
    /** While one is pending. A poll that is answered is due again before its lease would have ended. */
    private static final Duration BUSY = Duration.ofSeconds(5);

    private static final int BATCH = 100;

    private final DeviceAuthorizations store;
    private final DevicePoll poll;
    private final Ticker ticker;
    private volatile Deadline next;

    DevicePollJob(DeviceAuthorizations store, DevicePoll poll, Ticker ticker) {
        this.store = store;
        this.poll = poll;
        this.ticker = ticker;
        this.next = Deadline.after(ticker.nanos(), Duration.ZERO);
    }

    /** A device sign-in has begun, so look again after this time. */
    public void soon(Duration wait) {
        lookAfter(wait);
    }

    private synchronized void lookAfter(Duration wait) {
        long now = ticker.nanos();
        Duration rest = next.remaining(now);
        if (rest.isNegative() || rest.compareTo(wait) > 0) {
            next = Deadline.after(now, wait);
        }
    }

    @Scheduled(
            identity = "tokenkeep-device-sign-ins",
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = RefreshDisabled.class)
    void tick() {
        if (!next.remaining(ticker.nanos()).isNegative()) {
            return;
        }
        try {
            Duration soonest = BUSY;
            List<Due> due;
            do {
                due = store.claim(poll::lease, BATCH);
                due.forEach(poll::send);
                soonest = Stream.concat(Stream.of(soonest), due.stream().map(Due::interval))
                        .min(Comparator.naturalOrder())
                        .get();
            } while (due.size() == BATCH);
            lookAfter(wait(soonest));
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot poll for device sign-ins");
        }
    }

    private Duration wait(Duration longest) {
        return store.untilNext()
                .map(next -> next.compareTo(longest) < 0 ? next : longest)
                .orElse(IDLE);
    }
}
