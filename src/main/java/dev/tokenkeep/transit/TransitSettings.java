package dev.tokenkeep.transit;

import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.EndpointCheck;
import io.quarkus.tls.TlsConfiguration;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checked settings of a Transit engine. */
record TransitSettings(
        URI address,
        String mount,
        Path tokenFile,
        @Nullable String namespace,
        @Nullable TlsConfiguration tls) {

    static final String PREFIX = "tokenkeep.encryption.transit.";
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern MOUNT = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

    /**
     * Returns null if a setting is invalid.
     *
     * @param violations gets all that is wrong; empty before
     */
    static @Nullable TransitSettings of(TransitConfig config, OutboundTls outbound, ConfigViolations violations) {
        URI address = address(config.address(), violations);
        violations.addIf(
                !MOUNT.matcher(config.mount()).matches(),
                PREFIX + "mount",
                "must be a path without a slash at its beginning or end");
        violations.addIf(config.tokenFile().isEmpty(), PREFIX + "token-file", "must be a file with a token");
        String tls = config.tlsConfiguration().orElse(null);
        outbound.check(PREFIX + "tls-configuration", tls, violations);
        return violations.isEmpty()
                ? new TransitSettings(
                        Objects.requireNonNull(address),
                        config.mount(),
                        config.tokenFile().orElseThrow(),
                        config.namespace().orElse(null),
                        outbound.named(tls))
                : null;
    }

    /** Returns whether a Transit key can have this name. */
    static boolean isKeyName(String name) {
        return KEY.matcher(name).matches();
    }

    private static @Nullable URI address(Optional<String> configured, ConfigViolations violations) {
        try {
            var address = new URI(configured.orElse("").strip());
            EndpointCheck.objection(address).ifPresent(message -> violations.add(PREFIX + "address", message));
            return address;
        } catch (URISyntaxException e) {
            violations.add(PREFIX + "address", "is not a URL");
            return null;
        }
    }
}
