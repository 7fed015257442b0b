package dev.tokenkeep.transit;

import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.http.OutboundProxies;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A Transit engine. Its calls share one client, and read the token file each time. Thread-safe. */
final class TransitEngine {

    private static final int RETRIES = 2;
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);
    private static final Duration MAX_DURATION = Duration.ofSeconds(15);
    /** Of a call that is not tried again. */
    private static final Duration MAX_CALL = Duration.ofSeconds(3);

    private static final Set<Integer> PASSING = Set.of(412, 429, 500, 502, 503, 504);

    private final TransitSettings settings;
    private final OutboundProxies proxies;
    private @Nullable TransitApi client;
    private @Nullable TransitApi former;

    TransitEngine(TransitSettings settings, OutboundProxies proxies) {
        this.settings = settings;
        this.proxies = proxies;
    }

    /** One call of the engine. */
    @FunctionalInterface
    interface Call<T> {
        Uni<T> on(TransitApi engine, String token, @Nullable String namespace);
    }

    /**
     * Waits for the response. Errors that may pass are tried three times in all.
     *
     * @return null if the response has no body
     * @throws TransitFailure if there is no response, or an error
     */
    <T> @Nullable T await(Call<T> call) {
        String token = token();
        try {
            return call.on(client(), token, settings.namespace())
                    .onFailure(TransitEngine::passes)
                    .retry()
                    .withBackOff(FIRST_WAIT, MAX_WAIT)
                    .atMost(RETRIES)
                    .await()
                    .atMost(MAX_DURATION);
        } catch (RuntimeException e) {
            throw new TransitFailure(reason(e));
        }
    }

    /** Begins a call, which is tried once and takes three seconds at most. {@link #reason} explains a failure. */
    <T> CompletableFuture<T> begin(Call<T> call) {
        return Stages.begun(() -> call.on(client(), token(), settings.namespace())
                // A call that is given up leaves its connection to the others.
                .ifNoItem()
                .after(MAX_CALL)
                .fail()
                .subscribeAsCompletionStage());
    }

    /** Returns why a call failed, without any content of the response. */
    String reason(Throwable failure) {
        if (failure instanceof TransitFailure told) {
            return String.valueOf(told.getMessage());
        }
        if (failure instanceof WebApplicationException answered) {
            return "the Transit engine at " + settings.address() + " answered "
                    + answered.getResponse().getStatus();
        }
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return "the Transit engine at " + settings.address() + " could not be reached: "
                + (failure instanceof TimeoutException ? failure : cause)
                        .getClass()
                        .getSimpleName();
    }

    private static boolean passes(Throwable failure) {
        return !(failure instanceof WebApplicationException answered)
                || PASSING.contains(answered.getResponse().getStatus());
    }

    private String token() {
        try {
            return Files.readString(settings.tokenFile()).strip();
        } catch (IOException e) {
            throw new TransitFailure("the token file " + settings.tokenFile() + " cannot be read: "
                    + e.getClass().getSimpleName());
        }
    }

    private synchronized TransitApi client() {
        if (client == null) {
            client = TransitClients.create(settings, proxies.to(settings.address()));
        }
        return client;
    }

    /**
     * Has the next call use a new client: the proxy's credentials or a certificate may have been replaced. The former
     * client is closed the next time, when it has no calls any more.
     */
    synchronized void renewClient() {
        if (former != null) {
            TransitClients.close(former);
        }
        former = client;
        client = null;
    }

    void close() {
        renewClient();
        renewClient();
    }
}
