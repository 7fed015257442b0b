package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.caller.ExchangeConfig;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.EndpointCheck;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The address that clients know the token endpoint by. */
@Singleton
@Startup(ConfigViolations.CHECKED)
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class ExchangeAddress {

    private static final String KEY = "tokenkeep.exchange.";

    private final @Nullable String configured;

    ExchangeAddress(ExchangeConfig config) {
        var violations = new ConfigViolations();
        new EndpointCheck(KEY, violations).uri("issuer", config.issuer());
        String told = config.issuer().map(String::strip).orElse("");
        violations.addIf(
                told.contains("?") || told.contains("#"), KEY + "issuer", "must have neither a query nor a fragment");
        violations.throwIfAny();
        configured = told.isEmpty() ? null : told.replaceFirst("/+$", "");
    }

    /** Returns the issuer (RFC 8414 §2): as it is configured, or where the request came to. */
    String issuer(UriInfo request) {
        return configured == null ? request.getBaseUri().toString().replaceFirst("/+$", "") : configured;
    }

    /** Returns whether the configured issuer has this path, written without a slash at its beginning. */
    boolean hasPath(String path) {
        String told = configured == null ? "" : URI.create(configured).getPath();
        return !told.isEmpty() && told.equals("/" + path.replaceFirst("/+$", ""));
    }
}
