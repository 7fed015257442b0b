package dev.tokenkeep.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks that secrets are sent only over https or to this machine. */
public final class EndpointCheck {

    private static final String NOT_A_URL = "is not a URL";
    private static final int HIGHEST_PORT = 65535;

    private final String prefix;
    private final ConfigViolations violations;

    public EndpointCheck(String prefix, ConfigViolations violations) {
        this.prefix = prefix;
        this.violations = violations;
    }

    /** Reads a URL; null if it is missing or a violation was added. */
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

    /** Returns why nothing may be sent to this address, also if it is not a URL; empty if it is allowed. */
    public static Optional<String> objection(String address) {
        try {
            return objection(new URI(address));
        } catch (URISyntaxException e) {
            return Optional.of(NOT_A_URL);
        }
    }

    /** Returns why nothing may be sent there; empty if it is allowed. */
    public static Optional<String> objection(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            return Optional.of("must be an absolute https URL with a host");
        }
        if (uri.getPort() > HIGHEST_PORT) {
            return Optional.of("has an invalid port");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return Optional.of("must have neither user information nor a fragment");
        }
        if (scheme.equals("http") && !Loopback.is(uri.getHost())) {
            return Optional.of("plain http is refused for every host except loopback; use https");
        }
        return Optional.empty();
    }
}
