package dev.tokenkeep.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.telemetry.Traces;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.runtime.config.TlsConfig;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.impl.VertxInternal;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests. Destinations share clients, for each event loop one, so that thousands of them cost no more than one; there are
 * connections for as many requests as there are permits, so none waits for another's. Never blocks, and its stages
 * never complete exceptionally.
 */
@ApplicationScoped
public class HttpSender {

    private static final Logger LOG = Logger.getLogger(HttpSender.class);
    private static final String REQUEST = HttpExchange.class.getName();
    private static final String HEADERS = HttpSender.class.getName() + ".headers";
    /** Nothing is spent by a request that is given up before it was sent. */
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** For requests that spend nothing, such as those for metadata and keys: they can be sent again. */
    public static final Duration LONGEST_ASIDE = Duration.ofSeconds(10);

    /** Longer than any request takes. */
    private static final Duration FORMER_CLIENT = Duration.ofHours(1);

    private static final int MOST_LOOPS = 16;
    /** To one server: for a thousand registrations that all hang there, and the next one. It takes memory for each server. */
    private static final int CONNECTIONS = 2_500;

    private final Vertx vertx;
    private final Ticker ticker;
    private final OutboundTls tls;
    private final OutboundProxies proxies;
    private final Traces traces;
    private final Map<ClientKey, TokenEndpointApi> clients = new ConcurrentHashMap<>();
    private final List<Context> loops;
    private final Map<String, Integer> loopNumbers = new ConcurrentHashMap<>();
    private final AtomicInteger destinationsSeen = new AtomicInteger();

    /**
     * @param tls the TLS configuration's name; empty for the default
     * @param proxy null for none
     * @param connections to one server
     * @param tokenRequests they must find a connection at once: their permits were counted before their sessions were claimed
     */
    private record ClientKey(
            String tls, @Nullable OutboundProxy proxy, int loop, int connections, boolean tokenRequests) {

        /** Whether it has other credentials of the same proxy. */
        boolean isFormerOf(ClientKey latter) {
            return proxy != null
                    && latter.proxy != null
                    && proxy.address().equals(latter.proxy.address())
                    && !proxy.equals(latter.proxy);
        }
    }

    HttpSender(Vertx vertx, Ticker ticker, OutboundTls tls, OutboundProxies proxies, Traces traces) {
        this.vertx = vertx;
        this.ticker = ticker;
        this.tls = tls;
        this.proxies = proxies;
        this.traces = traces;
        int number = Math.min(MOST_LOOPS, 2 * Runtime.getRuntime().availableProcessors());
        this.loops = Stream.generate(((VertxInternal) vertx)::createEventLoopContext)
                .limit(number)
                .map(Context.class::cast)
                .toList();
    }

    /** How many clients destinations that are alike have: one for each event loop. */
    public int loops() {
        return loops.size();
    }

    /** Makes the client that token requests to this address need, so that its classes are loaded before the first one. */
    public void prepare(HttpDestination destination, URI address) {
        client(destination, proxies.to(address, destination), true);
    }

    /**
     * Posts a form or JSON.
     *
     * @param authorization the header of this name; null for none
     * @param lease of a token request: nothing is sent once it has ended; null for others
     * @param hardCap from the first byte to the whole answer; not so long without a lease
     */
    public CompletionStage<HttpResult> post(
            HttpDestination destination,
            URI endpoint,
            @Nullable String authorization,
            RequestBody body,
            @Nullable Lease lease,
            Duration hardCap) {
        return send(destination, endpoint, lease, hardCap, api -> switch (body.format()) {
            case FORM -> api.postForm(endpoint.toString(), authorization, body.text());
            // As bytes, which nothing takes for a string to put in quotes.
            case JSON ->
                api.postJson(endpoint.toString(), authorization, body.text().getBytes(UTF_8));
        });
    }

    public CompletionStage<HttpResult> get(HttpDestination destination, URI endpoint, Duration hardCap) {
        return send(destination, endpoint, null, hardCap, api -> api.get(endpoint.toString()));
    }

    private CompletionStage<HttpResult> send(
            HttpDestination destination,
            URI endpoint,
            @Nullable Lease lease,
            Duration hardCap,
            Function<TokenEndpointApi, Uni<Response>> call) {
        Duration most = lease == null ? shorter(hardCap, LONGEST_ASIDE) : hardCap;
        var request = new HttpExchange(vertx, ticker, lease, most);
        // A context of the request's own tells the client's hook which request it is that is about to be written.
        Context context = VertxContext.createNewDuplicatedContext(loops.get(loop(destination)));
        context.putLocal(REQUEST, request);
        context.putLocal(HEADERS, destination.headers());
        OutboundProxy proxy = proxies.to(endpoint, destination);
        Executor there = traces.carriedTo(task -> context.runOnContext(start -> task.run()));
        there.execute(() -> {
            try {
                call.apply(client(destination, proxy, lease != null))
                        .subscribe()
                        .with(taken -> {}, request::failed);
            } catch (RuntimeException e) {
                LOG.errorf(e, "Cannot make a request to %s", destination.name());
                request.failed(e);
            }
        });
        long timer = vertx.setTimer(Math.max(1, shorter(hardCap, CONNECT).toMillis()), id -> request.notConnected());
        request.answer().whenComplete((answer, never) -> vertx.cancelTimer(timer));
        return request.answer();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * One for all requests to a destination, and its client's connections are this loop's alone: what is looked at just before the
     * first byte is looked at by the thread that writes it. Handed to another one, the byte could wait there, or with a process
     * that is stopped, until the lease is over.
     */
    private int loop(HttpDestination destination) {
        return loopNumbers.computeIfAbsent(
                destination.name(), name -> destinationsSeen.getAndIncrement() % loops.size());
    }

    private TokenEndpointApi client(HttpDestination destination, @Nullable OutboundProxy proxy, boolean tokenRequests) {
        String name = Objects.requireNonNullElse(destination.tlsConfiguration(), "");
        int connections = Math.max(CONNECTIONS, destination.mostRequests());
        var key = new ClientKey(name, proxy, loop(destination), connections, tokenRequests);
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
     * Certificates or authorities were replaced: what begins from now on goes by the new ones. The former client ends when nothing can
     * be on its way by it any more.
     */
    void replaced(@Observes CertificateUpdatedEvent event) {
        String name = TlsConfig.DEFAULT_NAME.equals(event.name()) ? "" : event.name();
        // It is told at every look, replaced or not.
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
            // Never seen: but nothing goes out that nobody watches.
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
