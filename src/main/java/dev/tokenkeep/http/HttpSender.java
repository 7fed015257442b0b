package dev.tokenkeep.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.telemetry.Traces;
import dev.tokenkeep.time.Durations;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.runtime.config.TlsConfig;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends HTTP requests. Destinations with the same settings share one client for each event loop, so thousands of them
 * cost no more than one. There is a connection for every request that holds a permit, so no request waits for another.
 * Never blocks. The returned stages never complete exceptionally.
 */
@ApplicationScoped
public class HttpSender {

    private static final Logger LOG = Logger.getLogger(HttpSender.class);
    private static final String REQUEST = HttpExchange.class.getName();
    private static final String HEADERS = HttpSender.class.getName() + ".headers";
    /** The time limit for connecting. Until then nothing is spent. */
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** The time limit for requests that spend nothing and can be repeated, such as those for metadata and keys. */
    public static final Duration MAX_SIDE_REQUEST = Duration.ofSeconds(10);

    /** How long a replaced client stays open: longer than any request takes. */
    private static final Duration FORMER_CLIENT = Duration.ofHours(1);

    /**
     * The number of connections to one server: enough for a thousand registrations whose requests all hang there, and
     * one more. Each server costs memory for it.
     */
    private static final int CONNECTIONS = 2_500;

    private final Vertx vertx;
    private final Ticker ticker;
    private final OutboundTls tls;
    private final OutboundProxies proxies;
    private final PublicAddresses addresses;
    private final Traces traces;
    private final Map<ClientKey, TokenEndpointApi> clients = new ConcurrentHashMap<>();
    private final EventLoops loops;

    HttpSender(
            Vertx vertx,
            Ticker ticker,
            OutboundTls tls,
            OutboundProxies proxies,
            PublicAddresses addresses,
            Traces traces) {
        this.vertx = vertx;
        this.ticker = ticker;
        this.tls = tls;
        this.proxies = proxies;
        this.addresses = addresses;
        this.traces = traces;
        this.loops = new EventLoops(vertx);
    }

    /** Returns the number of event loops. Destinations with the same settings have one client for each. */
    public int loops() {
        return loops.number();
    }

    /**
     * Creates the client for token requests to this address, so that its classes are loaded before the first request.
     */
    public void prepare(HttpDestination destination, URI address) {
        client(destination, proxies.to(address, destination), true);
    }

    /**
     * Posts a form or JSON.
     *
     * @param headers in addition to those of the destination
     * @param lease of a token request: nothing is sent once it has ended; null for other requests
     * @param hardCap from the first byte to the complete response; without a lease at most ten seconds
     */
    public CompletionStage<HttpResult> post(
            HttpDestination destination,
            URI endpoint,
            Map<String, String> headers,
            RequestBody body,
            @Nullable Lease lease,
            Duration hardCap) {
        var all = new LinkedHashMap<String, String>(destination.headers());
        all.putAll(headers);
        return send(destination, endpoint, all, lease, hardCap, api -> switch (body.format()) {
            case FORM -> api.postForm(endpoint.toString(), body.text());
            // As bytes, because the REST client would put a string in quotes.
            case JSON -> api.postJson(endpoint.toString(), body.text().getBytes(UTF_8));
        });
    }

    public CompletionStage<HttpResult> get(HttpDestination destination, URI endpoint, Duration hardCap) {
        return send(destination, endpoint, destination.headers(), null, hardCap, api -> api.get(endpoint.toString()));
    }

    private CompletionStage<HttpResult> send(
            HttpDestination destination,
            URI endpoint,
            Map<String, String> headers,
            @Nullable Lease lease,
            Duration hardCap,
            Function<TokenEndpointApi, Uni<Response>> call) {
        Duration most = lease == null ? Durations.shorter(hardCap, MAX_SIDE_REQUEST) : hardCap;
        OutboundProxy proxy = proxies.to(endpoint, destination);
        boolean direct = proxy == null;
        var request =
                new HttpExchange(vertx, ticker, lease, most, direct && destination.onlyPublic() ? addresses : null);
        // The request gets its own context, so that the client's hook can tell which request is about to be written.
        Context context = VertxContext.createNewDuplicatedContext(loops.context(destination));
        context.putLocal(REQUEST, request);
        context.putLocal(HEADERS, headers);
        Executor there = traces.carriedTo(task -> context.runOnContext(start -> task.run()));
        Runnable begin = () -> there.execute(() -> {
            try {
                call.apply(client(destination, proxy, lease != null))
                        .subscribe()
                        .with(taken -> {}, request::failed);
            } catch (RuntimeException e) {
                LOG.errorf(e, "Cannot make a request to %s", destination.name());
                request.failed(e);
            }
        });
        long timer = vertx.setTimer(
                Math.max(1, Durations.shorter(hardCap, CONNECT).toMillis()), id -> request.notConnected());
        if (destination.onlyPublic()) {
            addresses
                    .look(endpoint, direct)
                    .whenComplete((allowed, failure) -> request.looked(allowed, failure, begin));
        } else {
            begin.run();
        }
        request.answer().whenComplete((answer, never) -> vertx.cancelTimer(timer));
        return request.answer();
    }

    private TokenEndpointApi client(HttpDestination destination, @Nullable OutboundProxy proxy, boolean tokenRequests) {
        String name = Objects.requireNonNullElse(destination.tlsConfiguration(), "");
        int connections = Math.max(CONNECTIONS, destination.mostRequests());
        var key = new ClientKey(name, proxy, loops.of(destination), connections, tokenRequests);
        TokenEndpointApi known = clients.get(key);
        if (known != null) {
            return known;
        }
        retire(former -> former.isFormerOf(key));
        return clients.computeIfAbsent(
                key,
                made -> RestClientFactory.create(
                        tls.named(destination.tlsConfiguration()),
                        proxy,
                        connections,
                        HttpSender::headers,
                        HttpSender::beforeFirstByte));
    }

    /**
     * Replaces clients when certificates or authorities were replaced: new requests use the new ones. The former client
     * is closed when it can have no request in flight any more.
     */
    void replaced(@Observes CertificateUpdatedEvent event) {
        String name = TlsConfig.DEFAULT_NAME.equals(event.name()) ? "" : event.name();
        // The event comes at every reload, whether anything was replaced or not.
        if (tls.isReplaced(name, event.tlsConfiguration())) {
            retire(key -> key.tls().equals(name));
        }
    }

    private void retire(Predicate<ClientKey> former) {
        clients.keySet().stream().filter(former).toList().forEach(key -> {
            TokenEndpointApi client = clients.remove(key);
            if (client != null) {
                vertx.setTimer(FORMER_CLIENT.toMillis(), id -> close(client));
            }
        });
    }

    private static Map<String, String> headers() {
        Context context = Vertx.currentContext();
        Map<String, String> headers = context == null ? null : context.getLocal(HEADERS);
        return Objects.requireNonNullElse(headers, Map.of());
    }

    private static void beforeFirstByte(HttpClientRequest http) {
        Context context = Vertx.currentContext();
        HttpExchange request = context == null ? null : context.getLocal(REQUEST);
        if (request == null) {
            // This has never been seen, but no request may leave without the checks.
            http.reset();
        } else {
            request.beforeFirstByte(http, LeaseCheckHandler.of(http.connection()));
        }
    }

    @PreDestroy
    void close() {
        clients.values().forEach(HttpSender::close);
    }

    private static void close(TokenEndpointApi client) {
        try {
            ((Closeable) client).close();
        } catch (IOException e) {
            LOG.debugf(e, "Cannot close an HTTP client");
        }
    }
}
