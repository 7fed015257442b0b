package dev.tokenkeep.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Adapts completion stages to what callers expect. */
public final class Stages {

    private Stages() {}

    /**
     * Returns a future with the same result. It fails with the original exception, without the wrapper that stages add.
     */
    public static <T> CompletableFuture<T> unwrapped(CompletionStage<T> stage) {
        var plain = new CompletableFuture<T>();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                plain.complete(value);
            } else {
                plain.completeExceptionally(cause(failure));
            }
        });
        return plain;
    }

    /** Begins a stage and returns it as {@link #unwrapped} does. It also fails with what is thrown at its beginning. */
    public static <T> CompletableFuture<T> begun(Supplier<? extends CompletionStage<T>> begin) {
        try {
            return unwrapped(begin.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Does the same as {@link #begun}, on another thread. */
    public static <T> CompletableFuture<T> begunOn(Executor executor, Supplier<? extends CompletionStage<T>> begin) {
        return unwrapped(CompletableFuture.supplyAsync(begin, executor).thenCompose(begun -> begun));
    }

    /** Waits for the result. Throws the original exception if that is unchecked. */
    public static <T> T joined(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException plain ? plain : e;
        }
    }

    /** Returns an exception to throw on, in the wrapper that stages add. */
    public static CompletionException rethrown(Throwable failure) {
        return failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
    }

    /** Returns the original exception, without the wrapper that stages add. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }
}
