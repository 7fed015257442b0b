package dev.tokenkeep.signin;

import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.database.StartPending;
import dev.tokenkeep.signin.store.Authorization;
import dev.tokenkeep.signin.store.Authorization.Status;
import dev.tokenkeep.signin.store.AuthorizationStore;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Calls that wait for users to sign in. They hold no thread, and all of a process ask the database together, once a
 * second. Any replica may have completed the sign-in.
 */
@ApplicationScoped
public class SignInWaiters {

    private static final Logger LOG = Logger.getLogger(SignInWaiters.class);

    private final AuthorizationStore store;
    private final Ticker ticker;
    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    SignInWaiters(AuthorizationStore store, Ticker ticker) {
        this.store = store;
        this.ticker = ticker;
    }

    private record Waiter(Authorization pending, Deadline until, CompletableFuture<Authorization> changed) {

        void check(Map<String, Authorization> changes, boolean over) {
            Authorization change = changes.get(pending.id());
            if (change != null || over) {
                changed.complete(change == null ? pending : change);
            }
        }
    }

    /**
     * Completes once the sign-in no longer waits for its user, or after {@code longest} with what is known then. Does
     * not block.
     *
     * @param most how many of its caller's calls may wait at once; one more does not wait
     */
    public synchronized CompletionStage<Authorization> await(Authorization authorization, Duration longest, int most) {
        var changed = new CompletableFuture<Authorization>();
        if (authorization.progress().status() != Status.PENDING
                || longest.isZero()
                || stopping
                || waiting(authorization.asked().caller()) >= most) {
            changed.complete(authorization);
        } else {
            waiters.add(new Waiter(authorization, Deadline.after(ticker.nanos(), longest), changed));
        }
        return changed;
    }

    private long waiting(String caller) {
        return waiters.stream()
                .filter(waiter -> waiter.pending().asked().caller().equals(caller))
                .count();
    }

    @Scheduled(
            identity = "tokenkeep-sign-in-waiters",
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = StartPending.class)
    void tick() {
        waiters.removeIf(waiter -> waiter.changed().isDone());
        if (!waiters.isEmpty()) {
            answer(changes());
        }
    }

    private Map<String, Authorization> changes() {
        Collection<String> ids =
                waiters.stream().map(waiter -> waiter.pending().id()).collect(Collectors.toSet());
        try {
            return store.noLongerPending(ids).stream().collect(Collectors.toMap(Authorization::id, change -> change));
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot look for completed sign-ins");
            return Map.of();
        }
    }

    private void answer(Map<String, Authorization> changes) {
        long now = ticker.nanos();
        waiters.forEach(waiter ->
                waiter.check(changes, stopping || waiter.until().remaining(now).isNegative()));
    }

    /** A shutdown does not wait for users. */
    void stop(@Observes ShutdownDelayInitiatedEvent shutdown) {
        stop();
    }

    /** Without a delay, as in most applications that have the library, only this one comes. */
    void stop(@Observes ShutdownEvent shutdown) {
        stop();
    }

    private void stop() {
        stopping = true;
        answer(Map.of());
    }
}
