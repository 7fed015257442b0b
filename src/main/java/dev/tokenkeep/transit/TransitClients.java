package dev.tokenkeep.transit;

import dev.tokenkeep.http.OutboundProxy;
import dev.tokenkeep.http.SilentLogger;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.vertx.core.tracing.TracingPolicy;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.client.api.LoggingScope;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;
import org.jspecify.annotations.Nullable;

/** Creates the REST client of a Transit engine. */
final class TransitClients {

    private static final Logger LOG = Logger.getLogger(TransitClients.class);
    private static final int CONNECT_SECONDS = 2;
    private static final int READ_SECONDS = 3;
    /** Shorter than a vault keeps idle connections. */
    private static final int KEEP_ALIVE_SECONDS = 15;

    private static final int CONNECTIONS = 64;

    private TransitClients() {}

    /** @param proxy null for none */
    static TransitApi create(TransitSettings settings, @Nullable OutboundProxy proxy) {
        String base = settings.address().toString().replaceFirst("/+$", "");
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(URI.create(base + "/v1/" + settings.mount() + "/"))
                .connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                .readTimeout(READ_SECONDS, TimeUnit.SECONDS)
                .followRedirects(false)
                .clientLogger(new SilentLogger())
                .loggingScope(LoggingScope.NONE)
                .trustAll(false)
                .userAgent("tokenkeep");
        if (settings.tls() != null) {
            builder.tlsConfiguration(settings.tls());
        }
        // The client overwrites the pool size of its options with this property.
        builder.property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, CONNECTIONS);
        builder.httpClientOptionsCustomizer(options -> options.setTracingPolicy(TracingPolicy.IGNORE)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setProxyOptions(proxy == null ? null : proxy.options()));
        return builder.build(TransitApi.class);
    }

    static void close(TransitApi api) {
        try {
            ((Closeable) api).close();
        } catch (IOException e) {
            LOG.debugf(e, "Cannot close an HTTP client");
        }
    }
}
