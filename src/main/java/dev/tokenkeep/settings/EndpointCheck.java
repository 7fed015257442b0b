package dev.tokenkeep.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where secrets may be sent: https, or this very machine. */
public final class EndpointCheck {

    private static final String NOT_A_URL = "is not a URL";
    private static final int HIGHEST_PORT = 65535;

    private final String prefix;
    private final ConfigViolations violations;

    public EndpointCheck(String prefix, ConfigViolations violations) {
        this.prefix = prefix;
        this.violations = violations;
    }

    /** Null if it is not given, or if a violation is noted. */
    @Nullable
    public URI uri(String key, Optional<String> configured) {
        if (configured.isEmpty()) {
            return null;
        }
        URI uri;
        try {
            uri = new URI(configured.get().strip());
        } catch (URISyntaxException e) {
            violations.add(prefix + key, NOT_A_URL);
            return null;
        }
        Optional<String> objection = objection(uri);
        objection.ifPresent(message -> violations.add(prefix + key, message));
        return objection.isPresent() ? null : uri;
    }

    /** Why nothing may be sent there, be it that it is no address; empty if it may. */
    public static Optional<String> objection(String address) {
        try {
            return objection(new URI(address));
        } catch (URISyntaxException e) {
            return Optional.of(NOT_A_URL);
        }
    }

    /** Why nothing may be sent there; empty if it may. */
    public static Optional<String> objection(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            return Optional.of("must be an absolute https URL with a host");
        }
        if (uri.getPort() > HIGHEST_PORT) {
            return Optional.of("has a port that is none");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return Optional.of("must have neither user information nor a fragment");
        }
        if (scheme.equals("http") && !Loopback.is(uri.getHost())) {
            return Optional.of("plain http is refused for any host but this machine's own loopback; use https");
        }
        return Optional.empty();
    }
}
