package dev.tokenkeep.registration.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.oauth.S256;
import java.net.URLEncoder;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says where a registration sends tokens, and as which client. It must not change while there are sessions: their refresh
 * tokens would go to a server that never gave them.
 */
final class TokenDestination {

    private static final Set<String> KEYS =
            Set.of("provider", "client-id", "issuer", "token-endpoint", "refresh-endpoint", "revocation-endpoint");
    private static final String VARIABLE = "variables.";

    private TokenDestination() {}

    /** Returns a hash that is equal only for the same client at the same addresses, as these settings name them. */
    static String of(Map<String, String> settings) {
        return S256.of(new TreeMap<>(settings)
                .entrySet().stream()
                        .filter(one ->
                                KEYS.contains(one.getKey()) || one.getKey().startsWith(VARIABLE))
                        .map(one -> encoded(one.getKey()) + "="
                                + encoded(one.getValue().strip()))
                        .collect(Collectors.joining("&")));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
