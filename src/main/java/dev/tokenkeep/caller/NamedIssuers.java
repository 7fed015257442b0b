package dev.tokenkeep.caller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.caller.IssuersConfig.IssuerConfig;
import dev.tokenkeep.http.PrintableText;
import dev.tokenkeep.oauth.Signatures;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.EndpointCheck;
import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.http.SimpleGet;
import org.jspecify.annotations.Nullable;

/** The issuers of {@code tokenkeep.issuers}; refuses to start and says everything that is wrong with them. */
@Singleton
@Startup(ConfigViolations.CHECKED)
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class NamedIssuers {

    private static final String KEY = "tokenkeep.issuers.";
    private static final String METADATA = "/.well-known/openid-configuration";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, NamedIssuer> byIssuer = new HashMap<>();

    @Inject
    NamedIssuers(
            IssuersConfig config,
            IssuerHttpAccess access,
            Ticker ticker,
            @ConfigProperty(name = "mp.jwt.verify.audiences") Optional<Set<String>> audiences,
            @ConfigProperty(name = "mp.jwt.verify.clock.skew", defaultValue = "10") int skewSeconds) {
        var violations = new ConfigViolations();
        config.issuers().forEach((name, configured) -> {
            String issuer = issuer(name, configured, violations);
            Set<String> expected = configured.audiences().or(() -> audiences).orElse(Set.of());
            violations.addIf(
                    expected.isEmpty(), KEY + name + ".audiences", "is missing: JWTs for any service would be good");
            SimpleGet fetch = new KeySetFetch(access, ticker);
            String jwks = configured.jwks().orElse(null);
            checked(KEY + name + ".jwks", jwks, violations);
            var keys = jwks == null
                    ? new CachedJwkSet(
                            metadata(issuer), location -> fetch.get(discovered(issuer, location, fetch)), ticker)
                    : new CachedJwkSet(jwks, fetch, ticker);
            Set<String> algorithms = algorithms(name, configured, violations);
            var one = new NamedIssuer(issuer, expected, algorithms, keys, skewSeconds);
            violations.addIf(byIssuer.put(issuer, one) != null, KEY + name + ".issuer", "is another issuer's too");
        });
        violations.throwIfAny();
    }

    private static String issuer(String name, IssuerConfig configured, ConfigViolations violations) {
        String key = KEY + name + ".issuer";
        String issuer = configured.issuer().orElse("");
        violations.addIf(issuer.isBlank(), key, "is missing: the iss of its JWTs");
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
                    "there is no algorithm " + algorithm + ", but " + new TreeSet<>(Signatures.ALGORITHMS));
        }
        return allowed;
    }

    private static String metadata(String issuer) {
        return (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + METADATA;
    }

    /** Where its keys are, by its metadata (OIDC Discovery §4), which has to be its own (§4.3). */
    private static String discovered(String issuer, String location, SimpleGet fetch) throws IOException {
        JsonNode metadata;
        try {
            metadata = JSON.readTree(fetch.get(location).getBody());
        } catch (JsonProcessingException e) {
            // Without its message: it quotes what was answered.
            throw new IOException("The metadata at " + location + " is not JSON");
        }
        String told = metadata.path("issuer").asText();
        if (!told.equals(issuer)) {
            throw new IOException("The metadata at " + location + " is of the issuer " + PrintableText.printable(told)
                    + ", not of " + issuer);
        }
        String jwks = metadata.path("jwks_uri").asText();
        Optional<String> objection = jwks.isEmpty() ? Optional.of("is missing") : EndpointCheck.objection(jwks);
        if (objection.isPresent()) {
            throw new IOException("The jwks_uri at " + location + " " + objection.get());
        }
        return jwks;
    }

    /** Null if it is none of them. */
    @Nullable
    NamedIssuer find(@Nullable String issuer) {
        return issuer == null ? null : byIssuer.get(issuer);
    }
}
