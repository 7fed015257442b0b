package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.rest.exchange.CallerAuthentication.AuthenticatedCaller;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A request to the token endpoint, by a caller that was authenticated. */
record TokenRequest(AuthenticatedCaller caller, ExchangeRequest exchange) {

    private static final String KEY = TokenRequest.class.getName();

    /** Keeps the request for the resource, or why there is none. */
    static void put(RoutingContext call, @Nullable TokenRequest request, @Nullable Throwable failure) {
        call.put(KEY, request == null ? failure : request);
    }

    /** Returns the request, or throws why there is none. */
    static TokenRequest of(RoutingContext call) {
        Object kept = call.get(KEY);
        if (kept instanceof TokenRequest request) {
            return request;
        }
        if (kept == null) {
            throw new IllegalStateException("The request was not prepared");
        }
        Throwable failure = kept instanceof CompletionException wrapped ? wrapped.getCause() : (Throwable) kept;
        throw failure instanceof RuntimeException plain ? plain : new CompletionException(failure);
    }
}
