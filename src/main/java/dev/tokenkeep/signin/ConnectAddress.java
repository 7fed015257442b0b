package dev.tokenkeep.signin;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.EndpointCheck;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Public addresses of Tokenkeep, for browsers and authorization servers. */
@Singleton
@Startup(ConfigViolations.CHECKED)
public class ConnectAddress {

    private static final String KEY = "tokenkeep.connect.";
    private static final String PATH = "/connect/";

    private final @Nullable String base;

    ConnectAddress(ConnectConfig config) {
        var violations = new ConfigViolations();
        new EndpointCheck(KEY, violations).uri("base-url", config.baseUrl());
        String told = config.baseUrl().map(String::strip).orElse("");
        violations.addIf(told.contains("?"), KEY + "base-url", "must not have a query");
        violations.throwIfAny();
        base = told.isEmpty() ? null : told.replaceFirst("/+$", "");
    }

    /**
     * Each registration has its own, so that no server's response arrives at another's (CONFORMANCE H4, H24). The customers
     * of a template share one, because the provider knows one client.
     */
    public String callback(String registration) {
        return base() + PATH + registration + "/callback";
    }

    /** Returns the same; empty if there is no hosted callback. */
    public Optional<String> callbackIfAny(String registration) {
        return base == null ? Optional.empty() : Optional.of(callback(registration));
    }

    /** Returns where the keys of a client are published. */
    public String jwks(String registration) {
        return base() + PATH + registration + "/jwks";
    }

    /** Returns whether this is the address at which the metadata of the registration's client are published. */
    boolean isMetadata(String registration, String clientId) {
        return base != null && clientId.equals(base + PATH + registration + "/client");
    }

    URI ticket(Secret ticket) {
        return URI.create(base() + PATH + ticket.reveal());
    }

    private String base() {
        return Optional.ofNullable(base)
                .orElseThrow(() -> SignInException.invalid(
                        "return_uri", "needs tokenkeep.connect.base-url, which is not configured"));
    }
}
