package dev.tokenkeep.tokenendpoint;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.SilentLogger;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.tls.TlsConfiguration;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.resteasy.reactive.client.api.LoggingScope;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;
import org.jspecify.annotations.Nullable;

/** Makes the REST client of a registration. */
final class WireClients {

    private static final int CONNECT_SECONDS = 2;

    /** Shorter than servers keep idle connections: a request on a connection that is just being closed is lost. */
    private static final int KEEP_ALIVE_SECONDS = 15;

    private WireClients() {}

    /**
     * @param tls null for the default
     * @param beforeFirstByte called once a request has its connection, before anything is written
     */
    static TokenEndpointApi create(
            ClientRegistration registration,
            @Nullable TlsConfiguration tls,
            Consumer<HttpClientRequest> beforeFirstByte) {
        URI base = Objects.requireNonNull(
                registration.tokenEndpoint() == null ? registration.issuer() : registration.tokenEndpoint());
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(base)
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
        builder.property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, registration.maxConcurrency());
        builder.httpClientOptionsCustomizer(options -> options.setMaxWaitQueueSize(-1)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setDecompressionSupported(false)
                // A foreign server learns nothing of our traces, and no span of it holds a URL's parameters.
                .setTracingPolicy(TracingPolicy.IGNORE));
        builder.httpClientRequestCustomizer(beforeFirstByte);
        builder.register((ClientRequestFilter) request -> {
            request.getHeaders().putSingle(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON);
            registration.headers().forEach(request.getHeaders()::putSingle);
        });
        return builder.build(TokenEndpointApi.class);
    }
}
