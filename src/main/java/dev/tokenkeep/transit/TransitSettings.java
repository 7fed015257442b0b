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
        String key,
        Path tokenFile,
        @Nullable String namespace,
        @Nullable TlsConfiguration tls) {

    private static final String PREFIX = "tokenkeep.encryption.transit.";
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern MOUNT = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

    /** @throws io.quarkus.runtime.configuration.ConfigurationException with all invalid settings */
    static TransitSettings of(TransitConfig config, OutboundTls outbound) {
        var violations = new ConfigViolations();
        URI address = address(config.address(), violations);
        String key = config.key().orElse("");
        violations.addIf(!KEY.matcher(key).matches(), PREFIX + "key", "must be the name of a Transit key");
        violations.addIf(
                !MOUNT.matcher(config.mount()).matches(),
                PREFIX + "mount",
                "must be a path without a slash at its beginning or end");
        violations.addIf(config.tokenFile().isEmpty(), PREFIX + "token-file", "must be a file with a token");
        String tls = config.tlsConfiguration().orElse(null);
        outbound.check(PREFIX + "tls-configuration", tls, violations);
        violations.throwIfAny();
        return new TransitSettings(
                Objects.requireNonNull(address),
                config.mount(),
                key,
                config.tokenFile().orElseThrow(),
                config.namespace().orElse(null),
                outbound.named(tls));
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
