package dev.tokenkeep.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs at most one task for a key at a time in this process and shares its result with all callers. Cancelling a
 * returned future does not cancel the shared task. Thread-safe.
 */
public final class SingleFlight<T> {

    private final ConcurrentMap<String, Flight<T>> flights = new ConcurrentHashMap<>();

    /** Joins the running task and runs {@code joined}, or starts a task. */
    public CompletableFuture<T> join(String key, Supplier<? extends CompletionStage<T>> start, Runnable joined) {
        var own = new Flight<T>();
        Flight<T> there = flights.putIfAbsent(key, own);
        if (there != null) {
            joined.run();
            return there.landing.copy();
        }
        launch(key, own, start);
        return own.landing.copy();
    }

    /** Joins only a task that starts after this call: the next one, if one is running. */
    public CompletableFuture<T> joinNext(String key, Supplier<? extends CompletionStage<T>> start, Runnable joined) {
        var own = new Flight<T>();
        Flight<T> there = flights.putIfAbsent(key, own);
        if (there != null) {
            return there.next(() -> join(key, start, joined), joined).copy();
        }
        launch(key, own, start);
        return own.landing.copy();
    }

    /** Shares a task that was started elsewhere, unless there is one already. */
    public void offer(String key, CompletionStage<T> flight) {
        var own = new Flight<T>();
        if (flights.putIfAbsent(key, own) == null) {
            launch(key, own, () -> flight);
        }
    }

    private void launch(String key, Flight<T> flight, Supplier<? extends CompletionStage<T>> start) {
        CompletionStage<T> started;
        try {
            started = start.get();
        } catch (RuntimeException | Error e) {
            started = CompletableFuture.failedFuture(e);
        }
        started.whenComplete((value, failure) -> {
            flights.remove(key, flight);
            flight.land(value, failure);
        });
    }

    private static final class Flight<T> {

        private final CompletableFuture<T> landing = new CompletableFuture<>();
        private @Nullable CompletableFuture<T> next;

        /** Returns the task after this one. All callers that asked during this one share it. */
        synchronized CompletableFuture<T> next(Supplier<CompletableFuture<T>> join, Runnable joined) {
            if (next == null) {
                next = landing.handle((value, failure) -> join).thenCompose(Supplier::get);
            } else {
                joined.run();
            }
            return next;
        }

        void land(@Nullable T value, @Nullable Throwable failure) {
            if (failure == null) {
                landing.complete(value);
            } else {
                landing.completeExceptionally(failure);
            }
        }
    }
}
