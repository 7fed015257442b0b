package dev.tokenkeep.http;

import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.tls.TlsConfiguration;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.client.api.LoggingScope;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;
import org.jspecify.annotations.Nullable;

/** Creates REST clients. Each one serves the requests of many registrations. */
final class RestClientFactory {

    private static final String KEYS_OR_JSON = "application/json, application/jwk-set+json";
    private static final int CONNECT_SECONDS = 2;

    /** Shorter than servers keep idle connections. A request on a connection that the server is closing is lost. */
    private static final int KEEP_ALIVE_SECONDS = 15;
    /** A placeholder: every request has its own URL. */
    private static final URI NOWHERE = URI.create("https://authorization-server.invalid");

    private RestClientFactory() {}

    /**
     * @param tls null for the default
     * @param proxy null for none
     * @param connections to one server
     * @param headers returns additional headers for the current request
     * @param beforeFirstByte called once a request has its connection, before anything is written
     */
    static TokenEndpointApi create(
            @Nullable TlsConfiguration tls,
            @Nullable OutboundProxy proxy,
            int connections,
            Supplier<Map<String, String>> headers,
            Consumer<HttpClientRequest> beforeFirstByte) {
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(NOWHERE)
                .connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                // Only the hard cap ends a request.
                .readTimeout(1, TimeUnit.DAYS)
                .followRedirects(false)
                .disableDefaultMapper(true)
                .clientLogger(new SilentLogger())
                .loggingScope(LoggingScope.NONE)
                .trustAll(false)
                .userAgent("tokenkeep");
        if (tls != null) {
            builder.tlsConfiguration(tls);
        }
        // The client overwrites the pool size of its options with this property.
        builder.property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, connections);
        builder.httpClientOptionsCustomizer(options -> options.setMaxWaitQueueSize(-1)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setDecompressionSupported(false)
                // Set to null too, because the settings of other clients must not apply to these.
                .setProxyOptions(proxy == null ? null : proxy.options())
                // Servers outside must not see our traces, and no span may contain a URL's parameters.
                .setTracingPolicy(TracingPolicy.IGNORE));
        builder.httpClientRequestCustomizer(beforeFirstByte);
        builder.register((ClientRequestFilter) request -> {
            // The Kubernetes API server has its keys as a JWK set alone (RFC 7517 §8.5.2).
            boolean maybeKeys = request.getMethod().equals(HttpMethod.GET);
            request.getHeaders().putSingle(HttpHeaders.ACCEPT, maybeKeys ? KEYS_OR_JSON : MediaType.APPLICATION_JSON);
            headers.get().forEach(request.getHeaders()::putSingle);
        });
        return builder.build(TokenEndpointApi.class);
    }
}
