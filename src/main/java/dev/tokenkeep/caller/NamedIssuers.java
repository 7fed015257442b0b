package dev.tokenkeep.caller;

import dev.tokenkeep.caller.IssuersConfig.IssuerConfig;
import dev.tokenkeep.jose.JwkSet;
import dev.tokenkeep.oauth.Signatures;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.EndpointCheck;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The issuers of {@code tokenkeep.issuers}, and the cluster if it is configured as one. If any setting is invalid,
 * refuses to start and lists each one.
 */
@Singleton
@Startup(ConfigViolations.CHECKED)
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class NamedIssuers {

    private static final String KEY = "tokenkeep.issuers.";

    private final Map<String, NamedIssuer> byIssuer = new HashMap<>();

    @Inject
    NamedIssuers(
            IssuersConfig config,
            KubernetesConfig kubernetes,
            IssuerKeys keys,
            @ConfigProperty(name = "mp.jwt.verify.audiences") Optional<Set<String>> audiences,
            @ConfigProperty(name = "mp.jwt.verify.clock.skew", defaultValue = "10") int skewSeconds) {
        var violations = new ConfigViolations();
        config.issuers().forEach((name, configured) -> {
            String issuer = issuer(name, configured, violations);
            Set<String> expected = configured.audiences().or(() -> audiences).orElse(Set.of());
            violations.addIf(
                    expected.isEmpty(),
                    KEY + name + ".audiences",
                    "is missing: JWTs for any service would be accepted");
            String jwks = configured.jwks().orElse(null);
            checked(KEY + name + ".jwks", jwks, violations);
            JwkSet verifying = jwks == null ? keys.of(issuer) : keys.at(jwks);
            var one =
                    new NamedIssuer(issuer, expected, algorithms(name, configured, violations), verifying, skewSeconds);
            violations.addIf(
                    byIssuer.put(issuer, one) != null, KEY + name + ".issuer", "is already used by another issuer");
        });
        kubernetes.issuer().ifPresent(issuer -> {
            violations.addIf(
                    audiences.isEmpty(),
                    "mp.jwt.verify.audiences",
                    "is missing: JWTs for any service would be accepted");
            var cluster = new NamedIssuer(
                    issuer, audiences.orElse(Set.of()), Signatures.ALGORITHMS, keys.ofCluster(), skewSeconds);
            violations.addIf(
                    byIssuer.put(issuer, cluster) != null,
                    "tokenkeep.kubernetes.issuer",
                    "is already used by another issuer");
        });
        violations.throwIfAny();
    }

    private static String issuer(String name, IssuerConfig configured, ConfigViolations violations) {
        String key = KEY + name + ".issuer";
        String issuer = configured.issuer().orElse("");
        violations.addIf(issuer.isBlank(), key, "is missing: set the iss claim of its JWTs");
        if (configured.jwks().isEmpty()) {
            checked(key, issuer, violations);
        }
        return issuer;
    }

    private static void checked(String key, @Nullable String address, ConfigViolations violations) {
        if (address != null && !address.isBlank()) {
            EndpointCheck.objection(address).ifPresent(objection -> violations.add(key, objection));
        }
    }

    private static Set<String> algorithms(String name, IssuerConfig configured, ConfigViolations violations) {
        Set<String> allowed = configured.algorithms().orElse(Signatures.ALGORITHMS);
        for (String algorithm : allowed) {
            violations.addIf(
                    !Signatures.ALGORITHMS.contains(algorithm),
                    KEY + name + ".algorithms",
                    "'" + algorithm + "' is not supported; use one of " + new TreeSet<>(Signatures.ALGORITHMS));
        }
        return allowed;
    }

    /** Returns null if it is none of them. */
    @Nullable
    NamedIssuer find(@Nullable String issuer) {
        return issuer == null ? null : byIssuer.get(issuer);
    }
}
