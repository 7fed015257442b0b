package dev.tokenkeep.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go, and what they have in common.
 *
 * @param name for the log, and for which event loop they use
 * @param tlsConfiguration of the TLS registry; null for the default one
 * @param proxy null for what {@code tokenkeep.outbound} says
 * @param headers sent with every request
 * @param mostRequests under way at once
 */
public record HttpDestination(
        String name,
        @Nullable String tlsConfiguration,
        @Nullable ProxyChoice proxy,
        Map<String, String> headers,
        int mostRequests) {}
