package dev.tokenkeep.caller;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.time.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jose4j.http.Response;
import org.jose4j.http.SimpleGet;
import org.jose4j.http.SimpleResponse;

/**
 * Fetches a JSON Web Key Set: soon or not at all, since a caller waits for it; without following redirects; and, after it
 * failed, not at every caller's request. Thread-safe.
 */
final class KeySetFetch implements SimpleGet {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final int LARGEST = 1024 * 1024;

    /** How to reach the issuer: asked for at every fetch, since certificates and tokens are replaced. */
    interface Access {

        /** @throws IOException if what it needs can't be read */
        HttpClient.Builder client(URI address) throws IOException;

        /** Adds what shows who asks. */
        default void authorize(HttpRequest.Builder request) throws IOException {}
    }

    private final Access access;
    private final Ticker ticker;
    private volatile boolean failed;
    private volatile long failedNanos;

    KeySetFetch(Access access, Ticker ticker) {
        this.access = access;
        this.ticker = ticker;
    }

    @Override
    public SimpleResponse get(String location) throws IOException {
        if (failed && ticker.nanos() - failedNanos < AGAIN.toNanos()) {
            throw new IOException("The key set of " + location + " could not be fetched a moment ago");
        }
        try {
            SimpleResponse response = fetched(location);
            failed = false;
            return response;
        } catch (IOException e) {
            failedNanos = ticker.nanos();
            failed = true;
            throw e;
        }
    }

    private SimpleResponse fetched(String location) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(location))
                .timeout(ANSWER)
                .header("Accept", "application/jwk-set+json, application/json");
        access.authorize(request);
        HttpClient client = access.client(request.build().uri())
                .connectTimeout(CONNECT)
                .followRedirects(Redirect.NEVER)
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw new IOException("The key set of " + location + " was answered by " + response.statusCode());
            }
            return new Response(200, "OK", response.headers().map(), body(location, response));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The key set of " + location + " was waited for no longer", e);
        }
    }

    private static String body(String location, HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new IOException("The key set of " + location + " is larger than a megabyte");
            }
            return new String(bytes, UTF_8);
        }
    }
}
