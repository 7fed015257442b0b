package dev.tokenkeep.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import org.jboss.resteasy.reactive.client.api.ClientLogger;

/**
 * Logs nothing. For REST clients whose requests and responses are secrets, whatever is configured for other clients.
 */
public final class SilentLogger implements ClientLogger {

    @Override
    public void setBodySize(int bodySize) {}

    @Override
    public void logResponse(HttpClientResponse response, boolean redirect) {}

    @Override
    public void logRequest(HttpClientRequest request, Buffer body, boolean omitBody) {}
}
