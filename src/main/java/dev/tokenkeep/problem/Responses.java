package dev.tokenkeep.problem;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Creates all responses: the API's own JSON, never to be cached (RFC 6749 §5.1). */
public final class Responses {

    public static final String NO_STORE = "no-store";

    private Responses() {}

    public static ResponseBuilder uncached(int status) {
        return Response.status(status).header(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }

    public static ResponseBuilder json(int status, Object view) {
        return uncached(status).type(MediaType.APPLICATION_JSON_TYPE).entity(Json.bytes(view));
    }

    public static Response ok(Object view) {
        return json(200, view).build();
    }

    public static Response nothing() {
        return uncached(204).build();
    }

    /** Returns the same stage, completed in the call's own context, so that log lines belong to the call. */
    public static <T> CompletionStage<T> atTheCall(CompletionStage<T> stage) {
        Context call = Vertx.currentContext();
        if (call == null || stage.toCompletableFuture().isDone()) {
            return stage;
        }
        var there = new CompletableFuture<T>();
        stage.whenComplete((value, failure) -> call.runOnContext(back -> {
            if (failure == null) {
                there.complete(value);
            } else {
                there.completeExceptionally(failure);
            }
        }));
        return there;
    }
}
