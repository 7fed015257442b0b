package dev.tokenkeep.http;

import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.tls.TlsConfiguration;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.tracing.TracingPolicy;
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

/** Makes REST clients, each for the requests of many registrations. */
final class RestClientFactory {

    private static final int CONNECT_SECONDS = 2;

    /** Shorter than servers keep idle connections: a request on a connection that is just being closed is lost. */
    private static final int KEEP_ALIVE_SECONDS = 15;
    /** Every request brings its own. */
    private static final URI NOWHERE = URI.create("https://authorization-server.invalid");

    private RestClientFactory() {}

    /**
     * @param tls null for the default
     * @param proxy null for none
     * @param connections to one server
     * @param headers further ones of the request that is being made
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
                // The hard cap ends a request, and nothing sooner.
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
        // The client overwrites what its options say of the pool by this property.
        builder.property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, connections);
        builder.httpClientOptionsCustomizer(options -> options.setMaxWaitQueueSize(-1)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setDecompressionSupported(false)
                // Also where there is none: what is configured for other clients is not meant for these.
                .setProxyOptions(proxy == null ? null : proxy.options())
                // A foreign server learns nothing of our traces, and no span of it holds a URL's parameters.
                .setTracingPolicy(TracingPolicy.IGNORE));
        builder.httpClientRequestCustomizer(beforeFirstByte);
        builder.register((ClientRequestFilter) request -> {
            request.getHeaders().putSingle(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON);
            headers.get().forEach(request.getHeaders()::putSingle);
        });
        return builder.build(TokenEndpointApi.class);
    }
}
