package dev.tokenkeep.http;

import org.jspecify.annotations.Nullable;

/**
 * What requests have in common that share an HTTP client.
 *
 * @param tls the TLS configuration's name; empty for the default
 * @param proxy null for none
 * @param connections to one server
 * @param tokenRequests whether the client is for token requests; they need a connection at once, because their
 *     permits were counted before their sessions were claimed
 */
record ClientKey(String tls, @Nullable OutboundProxy proxy, int loop, int connections, boolean tokenRequests) {

    /** Returns whether this key has the same proxy as {@code latter} with different credentials. */
    boolean isFormerOf(ClientKey latter) {
        return proxy != null
                && latter.proxy != null
                && proxy.address().equals(latter.proxy.address())
                && !proxy.equals(latter.proxy);
    }
}
