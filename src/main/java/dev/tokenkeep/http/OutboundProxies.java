package dev.tokenkeep.http;

import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.Loopback;
import dev.tokenkeep.settings.Replaceable;
import dev.tokenkeep.settings.SecretFile;
import dev.tokenkeep.time.Ticker;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Selects the proxy for outbound requests: for tokens, metadata and keys, and to a vault. Uses {@code
 * tokenkeep.outbound.*}, or else {@code HTTPS_PROXY} and {@code NO_PROXY}. Requests to this machine's own loopback
 * never use a proxy. Refuses to start with settings that make no sense.
 */
@Singleton
@Startup(ConfigViolations.CHECKED)
public class OutboundProxies {

    public static final String NONE = "none";

    private static final Logger LOG = Logger.getLogger(OutboundProxies.class);
    private static final String PROXY = "tokenkeep.outbound.proxy";
    private static final String CREDENTIALS = "tokenkeep.outbound.proxy-credentials-file";
    private static final int HTTPS = 443;

    private final @Nullable Replaceable<OutboundProxy> proxy;
    private final NoProxy without;

    @Inject
    OutboundProxies(OutboundConfig config, Config variables, Ticker ticker) {
        Optional<String> variable = config.proxy().isPresent() ? Optional.empty() : variable(variables, "HTTPS_PROXY");
        String told = config.proxy().or(() -> variable).orElse(NONE);
        String key = variable.isPresent() ? "HTTPS_PROXY" : PROXY;
        Optional<String> file = config.proxyCredentialsFile();
        var violations = new ConfigViolations();
        violations.addIf(file.isPresent() && told.equals(NONE), CREDENTIALS, "is set, but no proxy is");
        OutboundProxy first = told.equals(NONE) ? null : read(told, key, file, CREDENTIALS, violations);
        if (variable.isPresent() && file.isEmpty() && !violations.isEmpty()) {
            // The variable is meant for other programs too, and they may understand it.
            LOG.warnf("Ignored: %s", violations);
        } else {
            violations.throwIfAny();
        }
        without = NoProxy.of(config.noProxy()
                .or(() -> variable(variables, "NO_PROXY").map(hosts -> Arrays.asList(hosts.split("[,\\s]+"))))
                .orElse(List.of()));
        proxy = first == null
                ? null
                : new Replaceable<>(
                        CREDENTIALS,
                        first,
                        file.map(Path::of).stream().toList(),
                        noted -> read(told, key, file, CREDENTIALS, noted),
                        ticker);
        if (first != null) {
            LOG.infof("Outbound requests use the proxy %s (%s)", first.address(), key);
        }
    }

    /** Reads a variable, in upper case or lower case; an empty value counts as missing. */
    private static Optional<String> variable(Config variables, String name) {
        return Stream.of(name, name.toLowerCase(Locale.ROOT))
                .flatMap(spelled -> variables.getOptionalValue(spelled, String.class).stream())
                .filter(value -> !value.isBlank())
                .findFirst();
    }

    /** Reads a proxy and its credentials. Returns null and adds a violation if they cannot be used. */
    public static @Nullable OutboundProxy read(
            String told, String key, Optional<String> file, String fileKey, ConfigViolations violations) {
        OutboundProxy proxy;
        try {
            proxy = OutboundProxy.parse(told);
        } catch (IllegalArgumentException e) {
            violations.add(key, String.valueOf(e.getMessage()));
            return null;
        }
        if (file.isEmpty()) {
            return proxy;
        }
        var secret = SecretFile.read(file.get(), fileKey, violations);
        try {
            return secret == null ? null : proxy.as(secret.reveal());
        } catch (IllegalArgumentException e) {
            violations.add(fileKey, "the file " + file.get() + " " + e.getMessage());
            return null;
        }
    }

    /** Returns the proxy for this address; null for none. */
    public @Nullable OutboundProxy to(URI address) {
        if (proxy == null || Loopback.is(address.getHost())) {
            return null;
        }
        int port = address.getPort() < 0 ? HTTPS : address.getPort();
        return without.has(address.getHost(), port) ? null : proxy.current();
    }

    /** As {@link #to(URI)}, but a destination's own proxy takes precedence. */
    public @Nullable OutboundProxy to(URI address, HttpDestination destination) {
        ProxyChoice own = destination.proxy();
        if (own == null) {
            return to(address);
        }
        return Loopback.is(address.getHost()) ? null : own.proxy();
    }
}
