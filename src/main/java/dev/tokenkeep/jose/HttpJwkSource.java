package dev.tokenkeep.jose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.http.ConnectFailure;
import dev.tokenkeep.http.HttpDestination;
import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.http.HttpSender;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Fetches JSON documents by GET, such as a key set or an issuer's metadata. */
public final class HttpJwkSource implements JwkSource {

    private final HttpSender sender;
    private final HttpDestination destination;
    private final URI uri;
    private final Duration timeout;

    public HttpJwkSource(HttpSender sender, HttpDestination destination, URI uri, Duration timeout) {
        this.sender = sender;
        this.destination = destination;
        this.uri = uri;
        this.timeout = timeout;
    }

    /** Returns a destination with the default TLS configuration and the proxy of {@code tokenkeep.outbound}. */
    public static HttpDestination destination(String name) {
        return new HttpDestination(name, null, null, Map.of(), 1, false);
    }

    @Override
    public CompletionStage<String> fetch() {
        return sender.get(destination, uri, timeout).thenCompose(this::document);
    }

    /** Returns the body of a response with status 200. Completes exceptionally for any other result. */
    private CompletionStage<String> document(HttpResult result) {
        if (result instanceof HttpResult.Response response) {
            return response.status() == 200
                    ? CompletableFuture.completedFuture(new String(response.body(), UTF_8))
                    : failed(uri + " answered with status " + response.status());
        }
        String code = result instanceof HttpResult.NotSent notSent ? notSent.code() : ((HttpResult.Lost) result).code();
        return failed("the request to " + uri + " failed: "
                + Objects.requireNonNullElse(ConnectFailure.sentence(code), code));
    }

    public static <T> CompletionStage<T> failed(String why) {
        return CompletableFuture.failedFuture(new IOException(why));
    }
}
