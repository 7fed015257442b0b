package dev.tokenkeep.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Stages as callers expect them. */
public final class Stages {

    private Stages() {}

    /** The same stage, failing with what was thrown and not with what the stages wrap around it. */
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
