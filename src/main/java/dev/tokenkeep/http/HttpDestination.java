package dev.tokenkeep.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A destination of requests and the settings that all requests to it share.
 *
 * @param name for the log; it also decides which event loop the requests use
 * @param tlsConfiguration its name in the TLS registry; null for the default one
 * @param proxy null to use the proxy that {@code tokenkeep.outbound} configures
 * @param headers sent with every request
 * @param mostRequests the maximum number of requests in flight at the same time
 * @param onlyPublic whether somebody other than the operator has chosen the address, so that {@link PublicAddresses}
 *     applies
 */
public record HttpDestination(
        String name,
        @Nullable String tlsConfiguration,
        @Nullable ProxyChoice proxy,
        Map<String, String> headers,
        int mostRequests,
        boolean onlyPublic) {}
