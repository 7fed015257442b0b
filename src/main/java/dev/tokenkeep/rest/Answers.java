package dev.tokenkeep.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs the calls and answers them, failures as problems. Done here and not by exception mappers: those would be in force
 * for the whole application that the jar is part of.
 */
final class Answers {

    private Answers() {}

    static Response answer(Supplier<Response> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return Problems.of(e).response();
        }
    }

    /** A caller that goes away cancels its own answer, and nothing else. */
    static <T> Uni<Response> answerLater(Supplier<CompletionStage<T>> call, Function<T, Response> view) {
        CompletionStage<T> started;
        try {
            started = call.get();
        } catch (RuntimeException e) {
            started = CompletableFuture.failedFuture(e);
        }
        CompletionStage<Response> answered = started.handle((value, failure) -> failure == null
                ? answer(() -> view.apply(value))
                : Problems.of(failure).response());
        return Uni.createFrom().completionStage(answered);
    }

    static Response json(int status, ObjectNode body) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(body.toString())
                .build();
    }

    static Response noContent() {
        return Response.noContent()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
