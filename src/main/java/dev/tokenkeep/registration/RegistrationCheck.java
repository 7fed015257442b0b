package dev.tokenkeep.registration;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.RegistrationsConfig.Registration;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks one registration's settings and makes a {@link ClientRegistration} of them. */
final class RegistrationCheck {

    private static final Pattern RATE_LIMIT = Pattern.compile("([1-9][0-9]{0,8})/([1-9][0-9]{0,4})(s|m|h)");

    private final String prefix;
    private final String name;
    private final Registration config;
    private final ConfigViolations violations;

    RegistrationCheck(String name, Registration config, ConfigViolations violations) {
        this.prefix = "tokenkeep.registrations." + name + ".";
        this.name = name;
        this.config = config;
        this.violations = violations;
    }

    /** To be used only if no violation was noted. */
    ClientRegistration registration() {
        var endpoints = new EndpointCheck(prefix, violations);
        URI issuer = endpoints.uri("issuer", config.issuer());
        URI tokenEndpoint = endpoints.uri("token-endpoint", config.tokenEndpoint());
        violations.addIf(
                config.issuer().isEmpty() && config.tokenEndpoint().isEmpty(),
                prefix + "token-endpoint",
                "either this or issuer is required");
        ClientAuthenticationMethod method = method();
        new RequestExtrasCheck(prefix, violations).check(config.parameters(), config.headers());
        times();
        return new ClientRegistration(
                name,
                issuer,
                tokenEndpoint,
                endpoints.uri("revocation-endpoint", config.revocationEndpoint()),
                clientId(),
                new ClientSecretCheck(prefix, violations).secret(config, method),
                method,
                rawCredentials(),
                rotation(),
                Map.copyOf(config.parameters()),
                Map.copyOf(config.headers()),
                config.maxConcurrency(),
                rateLimit(),
                config.timeout().orElse(null),
                config.hardCap().orElse(null),
                config.defaultExpiresIn(),
                config.revokeReplaced());
    }

    private String clientId() {
        String clientId = config.clientId().orElse("");
        violations.addIf(clientId.isBlank(), prefix + "client-id", "is required");
        return clientId;
    }

    private ClientAuthenticationMethod method() {
        String configured = config.clientAuthentication();
        Optional<ClientAuthenticationMethod> method = Arrays.stream(ClientAuthenticationMethod.values())
                .filter(candidate -> candidate.registeredName().equals(configured))
                .findFirst();
        violations.addIf(
                method.isEmpty(),
                prefix + "client-authentication",
                "'" + configured + "' is not supported; one of "
                        + Arrays.stream(ClientAuthenticationMethod.values())
                                .map(ClientAuthenticationMethod::registeredName)
                                .collect(Collectors.joining(", ")));
        return method.orElse(ClientAuthenticationMethod.NONE);
    }

    private boolean rawCredentials() {
        String configured = config.basicCredentials();
        violations.addIf(
                !configured.equals("encoded") && !configured.equals("raw"),
                prefix + "basic-credentials",
                "'" + configured + "' is not supported; encoded or raw");
        return configured.equals("raw");
    }

    private RotationPolicy rotation() {
        Optional<Duration> leeway = config.rotationLeeway();
        boolean needed = config.rotation().equals("leeway");
        violations.addIf(needed && leeway.isEmpty(), prefix + "rotation-leeway", "is required with rotation=leeway");
        violations.addIf(!needed && leeway.isPresent(), prefix + "rotation-leeway", "needs rotation=leeway");
        leeway.ifPresent(time -> positive("rotation-leeway", time));
        return switch (config.rotation()) {
            case "none" -> RotationPolicy.NONE;
            case "leeway" -> RotationPolicy.leeway(leeway.orElse(Duration.ZERO));
            case "strict" -> RotationPolicy.STRICT;
            default -> {
                violations.add(
                        prefix + "rotation",
                        "'" + config.rotation() + "' is not supported; one of none, leeway, strict");
                yield RotationPolicy.STRICT;
            }
        };
    }

    private @Nullable RateLimit rateLimit() {
        if (config.rateLimit().isEmpty()) {
            return null;
        }
        var limit = RATE_LIMIT.matcher(config.rateLimit().get());
        if (!limit.matches()) {
            violations.add(prefix + "rate-limit", "must be requests and time, such as 100/1m");
            return null;
        }
        Duration per = Duration.parse("PT" + limit.group(2) + limit.group(3).toUpperCase(Locale.ROOT));
        return new RateLimit(Integer.parseInt(limit.group(1)), per);
    }

    private void times() {
        violations.addIf(config.maxConcurrency() < 1, prefix + "max-concurrency", "must be at least 1");
        config.timeout().ifPresent(time -> positive("timeout", time));
        config.hardCap().ifPresent(time -> positive("hard-cap", time));
        positive("default-expires-in", config.defaultExpiresIn());
    }

    private void positive(String key, Duration time) {
        violations.addIf(time.isNegative() || time.isZero(), prefix + key, "must be longer than nothing");
    }

    /** The secret of a registration that needs one. */
    record ClientSecretCheck(String prefix, ConfigViolations violations) {

        @Nullable
        Secret secret(Registration config, ClientAuthenticationMethod method) {
            Optional<String> secret = config.clientSecret();
            Optional<String> file = config.clientSecretFile();
            if (secret.isPresent() && file.isPresent()) {
                violations.add(
                        prefix + "client-secret-file", "is given besides client-secret; only one of them may be");
            } else if (method.needsSecret() && secret.isEmpty() && file.isEmpty()) {
                violations.add(
                        prefix + "client-secret",
                        "is required (or client-secret-file) with " + method.registeredName());
            }
            return file.isPresent()
                    ? SecretFile.read(file.get(), prefix + "client-secret-file", violations)
                    : Secret.ofNullable(secret.orElse(null));
        }
    }
}
