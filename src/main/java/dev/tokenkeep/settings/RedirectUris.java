package dev.tokenkeep.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses to which an authorization server may send the browser of a caller's user. They are compared to the
 * letter (RFC 9700 §4.1.3, CONFORMANCE K9). Only the port of a loopback address may differ (RFC 8252 §7.3).
 */
public record RedirectUris(Set<String> configured) {

    private static final int MAX_LENGTH = 2000;

    public static RedirectUris of(String key, Optional<Set<String>> configured, ConfigViolations violations) {
        Set<String> uris = Set.copyOf(configured.orElse(Set.of()));
        for (String uri : uris) {
            EndpointCheck.objection(uri).ifPresent(objection -> violations.add(key, uri + " " + objection));
            violations.addIf(uri.length() > MAX_LENGTH, key, "has a URL with more than " + MAX_LENGTH + " characters");
        }
        return new RedirectUris(uris);
    }

    public boolean allows(String uri) {
        return configured.contains(uri) || configured.stream().anyMatch(allowed -> isSameLoopback(allowed, uri));
    }

    private static boolean isSameLoopback(String allowed, String uri) {
        Optional<String> portless = withoutLoopbackPort(uri);
        return portless.isPresent() && portless.equals(withoutLoopbackPort(allowed));
    }

    /** Empty unless it is plain http to a loopback address. Leaves everything but the port as it was written. */
    private static Optional<String> withoutLoopbackPort(String uri) {
        URI parsed;
        try {
            parsed = new URI(uri);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        String start = "http://" + parsed.getHost();
        if (!Loopback.is(parsed.getHost()) || parsed.getRawUserInfo() != null || !uri.startsWith(start)) {
            return Optional.empty();
        }
        String withPort = start + (parsed.getPort() < 0 ? "" : ":" + parsed.getPort());
        return uri.startsWith(withPort) ? Optional.of(start + uri.substring(withPort.length())) : Optional.empty();
    }
}
