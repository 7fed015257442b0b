package dev.tokenkeep.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

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
                boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
                plain.completeExceptionally(wrapped ? failure.getCause() : failure);
            }
        });
        return plain;
    }
}
