package dev.tokenkeep.audit;

import dev.tokenkeep.AuditUnavailableException;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.session.audit.AuditRow;
import dev.tokenkeep.session.audit.AuditRows;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Writes entries to the table in batches. The entries that arrive while one batch is written form the next one, so that
 * a busy service needs one commit instead of thousands. Entries that cannot be written are counted; their lines are in
 * the log.
 */
// Created at startup, so that the metric for alerts exists before the first entry.
@Startup
@ApplicationScoped
class AuditTable {

    private static final Logger LOG = Logger.getLogger(AuditTable.class);
    private static final int MAX_WAITING = 10_000;
    private static final int BATCH = 500;
    private static final int STOP_PRIORITY = 100_000;

    private record Waiting(AuditRow row, CompletableFuture<Void> written) {}

    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final AtomicBoolean writing = new AtomicBoolean();
    /** A thread of its own: all threads of the application may be waiting for it. */
    private final ExecutorService writer;

    private final AuditRows rows;
    private final Counter lost;

    AuditTable(AuditRows rows, MeterRegistry meters) {
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        this.writer = Executors.newSingleThreadExecutor(task -> {
            var thread = new Thread(task, "tokenkeep-audit");
            thread.setDaemon(true);
            thread.setContextClassLoader(application);
            return thread;
        });
        this.rows = rows;
        this.lost = meters.counter("tokenkeep.audit.entries.lost");
    }

    /** Returns a stage that completes once the row is committed, or fails with {@link AuditUnavailableException}. */
    CompletionStage<Void> append(AuditRow row) {
        var one = new Waiting(row, new CompletableFuture<>());
        if (waiting.offer(one)) {
            writeSoon();
        } else {
            LOG.error("An audit entry is only in the log, not in the table: too many entries wait for the database");
            lost(List.of(one));
        }
        return one.written();
    }

    private void writeSoon() {
        if (writing.compareAndSet(false, true)) {
            writer.execute(this::writeAll);
        }
    }

    private void writeAll() {
        try {
            writeWaiting();
        } finally {
            writing.set(false);
        }
        if (!waiting.isEmpty()) {
            writeSoon();
        }
    }

    private void writeWaiting() {
        for (List<Waiting> batch = next(); !batch.isEmpty(); batch = next()) {
            write(batch);
        }
    }

    private List<Waiting> next() {
        var batch = new ArrayList<Waiting>();
        waiting.drainTo(batch, BATCH);
        return batch;
    }

    private void write(List<Waiting> batch) {
        try {
            rows.append(batch.stream().map(Waiting::row).toList());
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "%d audit entries are only in the log, not in the table", batch.size());
            lost(batch);
            return;
        }
        batch.forEach(one -> one.written().complete(null));
    }

    private void lost(List<Waiting> batch) {
        lost.increment(batch.size());
        var failure = new AuditUnavailableException("Cannot write to the audit table");
        batch.forEach(one -> one.written().completeExceptionally(failure));
    }

    /** Runs after everything that may still add an entry. */
    void finish(@Observes @Priority(STOP_PRIORITY) ShutdownEvent event) {
        writeWaiting();
    }

    @PreDestroy
    void stop() {
        writer.shutdown();
    }
}
