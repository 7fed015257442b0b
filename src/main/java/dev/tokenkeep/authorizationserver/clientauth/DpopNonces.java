package dev.tokenkeep.authorizationserver.clientauth;

import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The nonces that authorization servers want in the next DPoP proof (RFC 9449 §8). There is one for each server, however
 * many sessions it has (CONFORMANCE G10).
 */
@Singleton
public class DpopNonces {

    /** {@code NQCHAR} of RFC 6749 appendix A, as RFC 9449 §8.1 wants it; no server needs a longer one. */
    private static final Pattern NONCE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,1024}");

    private final Map<String, String> byOrigin = new ConcurrentHashMap<>();

    /** Returns null if the server has not given any. */
    public @Nullable String of(URI endpoint) {
        return byOrigin.get(origin(endpoint));
    }

    /** Keeps the nonce of a response; does nothing if there is none. */
    public void keep(URI endpoint, @Nullable String nonce) {
        if (nonce != null && isUsable(nonce)) {
            byOrigin.put(origin(endpoint), nonce);
        }
    }

    /** Returns whether it is a nonce that can be in a proof. */
    public static boolean isUsable(@Nullable String nonce) {
        return nonce != null && NONCE.matcher(nonce).matches();
    }

    private static String origin(URI endpoint) {
        return (endpoint.getScheme() + "://" + endpoint.getRawAuthority()).toLowerCase(Locale.ROOT);
    }
}
