package dev.tokenkeep.transit;

import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jboss.resteasy.reactive.client.api.ClientLogger;
import org.jboss.resteasy.reactive.client.api.LoggingScope;

/** Makes the REST client of a Transit engine. */
final class TransitClients {

    private static final int CONNECT_SECONDS = 2;
    private static final int READ_SECONDS = 3;

    private TransitClients() {}

    static TransitApi create(TransitSettings settings) {
        String base = settings.address().toString().replaceFirst("/+$", "");
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(URI.create(base + "/v1/" + settings.mount() + "/"))
                .connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                .readTimeout(READ_SECONDS, TimeUnit.SECONDS)
                .followRedirects(false)
                .clientLogger(new Silent())
                .loggingScope(LoggingScope.NONE)
                .trustAll(false)
                .userAgent("tokenkeep");
        if (settings.tls() != null) {
            builder.tlsConfiguration(settings.tls());
        }
        return builder.build(TransitApi.class);
    }

    /** Whatever is configured for other clients, answers that are keys are not logged. */
    private static final class Silent implements ClientLogger {

        @Override
        public void setBodySize(int bodySize) {}

        @Override
        public void logResponse(HttpClientResponse response, boolean redirect) {}

        @Override
        public void logRequest(HttpClientRequest request, Buffer body, boolean omitBody) {}
    }
}
