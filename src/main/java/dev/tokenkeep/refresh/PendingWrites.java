package dev.tokenkeep.refresh;

import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.telemetry.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Holds results of attempts that the database has not stored yet. No result is given up: each write is retried until it
 * succeeds or the process ends. All of them are tried before anything new is claimed.
 */
@ApplicationScoped
public class PendingWrites {

    private static final Logger LOG = Logger.getLogger(PendingWrites.class);
    private static final Duration RETRY_DELAY = Duration.ofMillis(250);

    private final Workers workers;
    private final Traces traces;
    private final Map<UUID, Held<?>> held = new ConcurrentHashMap<>();
    private final AtomicBoolean waiting = new AtomicBoolean();

    PendingWrites(Workers workers, Traces traces) {
        this.workers = workers;
        this.traces = traces;
    }

    /**
     * Writes on the calling thread, or later if the database fails.
     *
     * @param attempt the attempt whose result is written
     * @param write must be safe to run again after any exception
     */
    public <T> CompletionStage<T> write(UUID attempt, Supplier<T> write) {
        var answer = new Held<T>(write, traces.begin("store", SpanKind.INTERNAL));
        if (!answer.tried()) {
            held.put(attempt, answer);
            answer.written.whenComplete((value, failure) -> held.remove(attempt));
            DatabaseFailure.log(
                    LOG,
                    answer.lastFailure(),
                    "Cannot store the results of token requests, retrying; %d held in memory",
                    held.size());
            tryLater();
        }
        return answer.written;
    }

    /** Tries all pending writes now. */
    public void tryAll() {
        held.values().forEach(Held::tried);
    }

    public int count() {
        return held.size();
    }

    private void tryLater() {
        if (waiting.compareAndSet(false, true)) {
            workers.after(RETRY_DELAY, () -> {
                waiting.set(false);
                tryAll();
                if (!held.isEmpty()) {
                    tryLater();
                }
            });
        }
    }

    private static final class Held<T> {

        private final Supplier<T> write;
        private final Span span;
        private final CompletableFuture<T> written = new CompletableFuture<>();
        private volatile @Nullable RuntimeException lastFailure;

        Held(Supplier<T> write, Span span) {
            this.write = write;
            this.span = span;
        }

        RuntimeException lastFailure() {
            return Objects.requireNonNull(lastFailure);
        }

        synchronized boolean tried() {
            if (written.isDone()) {
                return true;
            }
            try {
                T value = write.get();
                span.end();
                return written.complete(value);
            } catch (RuntimeException e) {
                lastFailure = e;
                span.addEvent("not stored yet");
                return false;
            }
        }
    }
}
