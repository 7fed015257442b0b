package dev.tokenkeep.targets;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.UnknownTargetException;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.refresh.timing.RefreshDisabled;
import dev.tokenkeep.targets.ReadTargets.Read;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/**
 * Gets the tokens of targets that are read ahead of time, so that readers do not wait for them. Nobody waits for these
 * requests, so each registration has only a few under way: the sessions' own refreshes need the permits.
 */
@ApplicationScoped
class TargetJob {

    private static final Logger LOG = Logger.getLogger(TargetJob.class);
    private static final int MAX_OF_REGISTRATION = 4;

    private final ReadTargets read;
    private final TargetTokenService tokens;
    private final Workers workers;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

    TargetJob(ReadTargets read, TargetTokenService tokens, Workers workers) {
        this.read = read;
        this.tokens = tokens;
        this.workers = workers;
    }

    /** What is due of a registration. */
    private record Lane(Queue<Read> waiting, Semaphore free) {

        static Lane empty() {
            return new Lane(new ConcurrentLinkedQueue<>(), new Semaphore(MAX_OF_REGISTRATION));
        }
    }

    @Scheduled(
            identity = "tokenkeep-targets",
            every = "{tokenkeep.refresh.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = RefreshDisabled.class)
    void tick() {
        for (Read due : read.takeDue()) {
            lanes.computeIfAbsent(due.registration(), name -> Lane.empty())
                    .waiting()
                    .add(due);
        }
        lanes.values().forEach(this::goOn);
    }

    private void goOn(Lane lane) {
        while (!lane.waiting().isEmpty() && lane.free().tryAcquire()) {
            Read due = lane.waiting().poll();
            CompletionStage<?> ended = due == null ? CompletableFuture.completedFuture(null) : ahead(due);
            ended.whenComplete((result, failure) -> {
                lane.free().release();
                if (!lane.waiting().isEmpty()) {
                    workers.execute(() -> goOn(lane));
                }
            });
        }
    }

    private CompletionStage<?> ahead(Read due) {
        try {
            return tokens.refreshAhead(due.sessionId(), due.target());
        } catch (SessionNotFoundException | UnknownTargetException e) {
            LOG.debugf("Session %s no longer has target %s", due.sessionId(), due.target());
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot get an access token for target %s ahead of time", due.target());
        }
        return CompletableFuture.completedFuture(null);
    }
}
