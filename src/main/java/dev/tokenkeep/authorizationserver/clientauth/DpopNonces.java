package dev.tokenkeep.authorizationserver.clientauth;

import dev.tokenkeep.jose.DpopKey;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The nonces that authorization servers want in the next DPoP proof (RFC 9449 §8). There is one for each server, however
 * many sessions it has (CONFORMANCE G10).
 */
@Singleton
public class DpopNonces {

    private final Map<String, String> byOrigin = new ConcurrentHashMap<>();

    /** Returns null if the server has not given any. */
    public @Nullable String of(URI endpoint) {
        return byOrigin.get(DpopKey.origin(endpoint));
    }

    /** Keeps the nonce of a response; does nothing if there is none. */
    public void keep(URI endpoint, @Nullable String nonce) {
        if (nonce != null && DpopKey.isNonce(nonce)) {
            byOrigin.put(DpopKey.origin(endpoint), nonce);
        }
    }
}
