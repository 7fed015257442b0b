package dev.tokenkeep.signin.device;

import dev.tokenkeep.database.DatabaseAway;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.refresh.PendingWrites;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.signin.exchange.AsideRequests;
import dev.tokenkeep.signin.store.DeviceAuthorizations;
import dev.tokenkeep.signin.store.DeviceAuthorizations.Due;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Durations;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Polls for the device sign-ins that are due, whichever replica began them. While none is pending it looks only now and
 * then, for those that another replica has left.
 */
@ApplicationScoped
public class DevicePollJob {

    private static final Logger LOG = Logger.getLogger(DevicePollJob.class);
    private static final Duration IDLE = Duration.ofSeconds(15);
    /** While one is pending. A poll that is answered is due again before its lease would have ended. */
    private static final Duration BUSY = Duration.ofSeconds(5);

    private static final Duration NEXT_TICK = Duration.ZERO;
    private static final int BATCH = 100;

    private final DeviceAuthorizations store;
    private final ClientRegistrations registrations;
    private final AsideRequests requests;
    private final DevicePoll poll;
    private final PendingWrites pending;
    private final Ticker ticker;
    private volatile Deadline next;

    DevicePollJob(
            DeviceAuthorizations store,
            ClientRegistrations registrations,
            AsideRequests requests,
            DevicePoll poll,
            PendingWrites pending,
            Ticker ticker) {
        this.store = store;
        this.registrations = registrations;
        this.requests = requests;
        this.poll = poll;
        this.pending = pending;
        this.ticker = ticker;
        this.next = Deadline.after(ticker.nanos(), Duration.ZERO);
    }

    /** A device sign-in has begun, so look again after this time. */
    public synchronized void soon(Duration wait) {
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
            skipExecutionIf = DatabaseAway.class)
    void tick() {
        if (!next.remaining(ticker.nanos()).isNegative()) {
            return;
        }
        try {
            // Tokens that are not stored yet must not be asked for again.
            pending.tryAll();
            Map<String, Duration> untilNext = store.untilNext();
            untilNext.forEach((registration, wait) -> {
                if (isDue(wait)) {
                    registrations.find(registration).ifPresent(this::poll);
                }
            });
            soon(untilNext.values().stream()
                    .map(wait -> isDue(wait) ? NEXT_TICK : wait)
                    .min(Comparator.naturalOrder())
                    .map(wait -> Durations.shorter(wait, BUSY))
                    .orElse(IDLE));
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot poll for device sign-ins");
        }
    }

    private static boolean isDue(Duration wait) {
        return wait.isZero() || wait.isNegative();
    }

    /** Claims no more than can be sent at once, so that what this replica cannot send is left to the others. */
    private void poll(ClientRegistration registration) {
        int room = requests.begin(registration, BATCH);
        if (room == 0) {
            return;
        }
        Lease sending = requests.sending();
        List<Due> due = List.of();
        try {
            due = store.claim(registration.name(), requests.lease(registration), room);
        } finally {
            requests.giveUp(registration, room - due.size());
        }
        due.forEach(one -> poll.send(one, registration, sending));
    }
}
