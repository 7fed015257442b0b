package dev.tokenkeep.refresh;

import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.session.RefreshOutcome;
import dev.tokenkeep.session.store.RefreshResults;
import dev.tokenkeep.session.store.RefreshResults.Answer;
import dev.tokenkeep.telemetry.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * Stores together the tokens that arrive at the same time. None wait for others to arrive. While as many batches as
 * allowed are being stored, new tokens collect and go together in the next transaction. If the database does not take a
 * batch, its tokens are stored one by one.
 */
@Singleton
class TokenWriter {

    private static final int MAX_BATCH = 32;
    /** While one batch waits for the database, the other is encrypted. */
    private static final int AT_ONCE = 2;

    private final RefreshResults results;
    private final PendingWrites pending;
    private final Workers workers;
    private final Traces traces;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final Semaphore storing = new Semaphore(AT_ONCE);

    /** @param goingOn runs what follows the store, with the call and trace of its own refresh */
    private record Waiting(Answer answer, CompletableFuture<RefreshOutcome> stored, Executor goingOn, Span span) {}

    TokenWriter(RefreshResults results, PendingWrites pending, Workers workers, Traces traces) {
        this.results = results;
        this.pending = pending;
        this.workers = workers;
        this.traces = traces;
    }

    /**
     * Stores an answer. Completes once it is stored, however long the database takes. Blocks, also to store the answers
     * of others.
     */
    CompletionStage<RefreshOutcome> store(Answer answer) {
        var one = new Waiting(
                answer, new CompletableFuture<>(), workers.goingOn(), traces.begin("store", SpanKind.INTERNAL));
        waiting.add(one);
        while (!waiting.isEmpty() && storing.tryAcquire()) {
            try {
                store(next());
            } finally {
                storing.release();
            }
        }
        return one.stored();
    }

    private List<Waiting> next() {
        var batch = new ArrayList<Waiting>();
        Waiting one;
        while (batch.size() < MAX_BATCH && (one = waiting.poll()) != null) {
            batch.add(one);
        }
        return batch;
    }

    private void store(List<Waiting> batch) {
        List<RefreshOutcome> stored;
        try {
            stored = batch.isEmpty()
                    ? List.of()
                    : results.storeAll(batch.stream().map(Waiting::answer).toList());
        } catch (RuntimeException | Error e) {
            batch.forEach(this::storeAlone);
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            RefreshOutcome outcome = stored.get(i);
            batch.get(i).span().end();
            batch.get(i).stored().completeAsync(() -> outcome, batch.get(i).goingOn());
        }
    }

    private void storeAlone(Waiting one) {
        one.span().addEvent("not stored together with others").end();
        Answer answer = one.answer();
        one.goingOn()
                .execute(() -> pending.write(answer.claimed().attempt().id(), () -> results.store(answer))
                        .thenAccept(one.stored()::complete));
    }
}
