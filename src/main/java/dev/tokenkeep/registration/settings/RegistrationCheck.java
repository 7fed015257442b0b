package dev.tokenkeep.registration.settings;

import dev.tokenkeep.http.OutboundProxies;
import dev.tokenkeep.http.ProxyChoice;
import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientGrant;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistration.AccessTokens;
import dev.tokenkeep.registration.ClientRegistration.Limits;
import dev.tokenkeep.registration.ClientRegistration.Origin;
import dev.tokenkeep.registration.ClientRegistration.RefreshTokens;
import dev.tokenkeep.registration.ClientRegistration.Server;
import dev.tokenkeep.registration.ClientRegistration.TokenRequests;
import dev.tokenkeep.registration.Dpop;
import dev.tokenkeep.registration.RefreshTokenLifetimes;
import dev.tokenkeep.registration.RotationPolicy;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.EndpointCheck;
import dev.tokenkeep.settings.ValueCheck;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks the settings of one registration and creates a {@link ClientRegistration} from them. */
final class RegistrationCheck {

    private static final int MAX_CONCURRENCY = 10_000;
    /** One that a caller has added must not take the room of the others. */
    private static final int MAX_CONCURRENCY_OF_THE_API = 100;

    private final String prefix;
    private final String name;
    private final Registration config;
    private final ConfigViolations violations;
    private final Presets presets;
    private final ClientKeys keys;
    private final @Nullable String destination;
    private final ValueCheck values;

    /** @param destination of a registration of the API, as {@link TokenDestination} tells it; null for the operator's */
    RegistrationCheck(
            String name,
            Registration config,
            ConfigViolations violations,
            Presets presets,
            ClientKeys keys,
            @Nullable String destination) {
        this.prefix = RegistrationMapping.DOTTED + name + ".";
        this.name = name;
        this.config = config;
        this.violations = violations;
        this.presets = presets;
        this.keys = keys;
        this.destination = destination;
        this.values = new ValueCheck(prefix, violations);
    }

    /** Returns the registration. Use it only if no violation was noted. */
    ClientRegistration registration() {
        new ProviderCheck(prefix, presets, violations).check(config);
        var endpoints = new EndpointCheck(prefix, violations);
        URI issuer = endpoints.uri("issuer", config.issuer());
        // RFC 8414 §2.
        violations.addIf(issuer != null && issuer.getRawQuery() != null, prefix + "issuer", "must not have a query");
        URI tokenEndpoint = endpoints.uri("token-endpoint", config.tokenEndpoint());
        violations.addIf(
                config.issuer().isEmpty() && config.tokenEndpoint().isEmpty(),
                prefix + "token-endpoint",
                "either this or issuer is required");
        Optional<ClientAuthenticationMethod> method = method();
        violations.addIf(
                method.filter(ClientAuthenticationMethod::usesCertificate).isPresent()
                        && config.tlsConfiguration().isEmpty(),
                prefix + "tls-configuration",
                "is required with " + config.clientAuthentication() + ": it has the client's certificate");
        new RequestExtrasCheck(prefix, violations).check(config.parameters(), config.headers());
        var shape = new ShapeCheck(prefix, violations);
        Duration timeout = values.duration("timeout", config.timeout());
        Duration hardCap = values.duration("hard-cap", config.hardCap());
        violations.addIf(
                timeout != null && hardCap != null && timeout.compareTo(hardCap) > 0,
                prefix + "timeout",
                "must not be longer than hard-cap");
        RotationPolicy rotation = rotation();
        return new ClientRegistration(
                name,
                new Server(
                        issuer,
                        tokenEndpoint,
                        endpoints.uri("refresh-endpoint", config.refreshEndpoint()),
                        endpoints.uri("revocation-endpoint", config.revocationEndpoint()),
                        endpoints.uri("jwks", config.jwks()),
                        config.tlsConfiguration().orElse(null),
                        proxy(),
                        destination == null ? Origin.OPERATOR : new Origin(true, destination)),
                new ClientCheck(prefix, violations, keys).client(config, method.orElse(null)),
                new TokenRequests(
                        shape.requestFormat(config.requestFormat()),
                        shape.responseShape(config),
                        Map.copyOf(config.parameters()),
                        Map.copyOf(config.headers()),
                        grants(method.orElse(null))),
                new Limits(
                        values.number(
                                "max-concurrency",
                                config.maxConcurrency(),
                                destination == null ? MAX_CONCURRENCY : MAX_CONCURRENCY_OF_THE_API),
                        values.rateLimit("rate-limit", config.rateLimit()),
                        timeout,
                        hardCap),
                new RefreshTokens(
                        rotation,
                        refreshTokenLifetimes(),
                        values.flag("revoke-replaced", config.revokeReplaced()),
                        values.flag("require-refresh-token", config.requireRefreshToken()),
                        config.provider()
                                .flatMap(presets::named)
                                .flatMap(Preset::refreshTokenHint)
                                .orElse(null)),
                new AccessTokens(
                        defaultExpiresIn(),
                        dpop(),
                        config.expectedAudience().orElse(null),
                        new TargetCheck(prefix, violations).targets(config.targets(), rotation)),
                new SignInCheck(prefix, violations).signIn(config, endpoints));
    }

    /** A public client has no credentials to ask with (RFC 6749 §4.4). */
    private Set<ClientGrant> grants(@Nullable ClientAuthenticationMethod method) {
        var grants = EnumSet.noneOf(ClientGrant.class);
        for (String type : config.grants().orElse(Set.of())) {
            ClientGrant.of(type)
                    .ifPresentOrElse(
                            grants::add,
                            () -> violations.add(prefix + "grants", "must be a list of: " + ClientGrant.types()));
        }
        violations.addIf(
                method == ClientAuthenticationMethod.NONE && grants.contains(ClientGrant.CLIENT_CREDENTIALS),
                prefix + "grants",
                "client_credentials needs a client that authenticates");
        return Set.copyOf(grants);
    }

    private Dpop dpop() {
        boolean required = values.flag("dpop-required", config.dpopRequired());
        if (!values.flag("dpop", config.dpop())) {
            return Dpop.OFF;
        }
        return required ? Dpop.REQUIRED : Dpop.OFFERED;
    }

    private @Nullable ProxyChoice proxy() {
        String told = config.proxy().orElse(null);
        boolean none = OutboundProxies.NONE.equals(told);
        violations.addIf(
                config.proxyCredentialsFile().isPresent() && (told == null || none),
                prefix + "proxy-credentials-file",
                "needs a proxy");
        if (told == null || none) {
            return none ? new ProxyChoice(null) : null;
        }
        return new ProxyChoice(OutboundProxies.read(
                told, prefix + "proxy", config.proxyCredentialsFile(), prefix + "proxy-credentials-file", violations));
    }

    private Duration defaultExpiresIn() {
        Duration configured = values.duration("default-expires-in", Optional.of(config.defaultExpiresIn()));
        return configured == null ? Duration.ZERO : configured;
    }

    private RefreshTokenLifetimes refreshTokenLifetimes() {
        return new RefreshTokenLifetimes(
                values.duration("refresh-token-lifetime", config.refreshTokenLifetime()),
                values.duration("refresh-token-inactivity-lifetime", config.refreshTokenInactivityLifetime()));
    }

    private Optional<ClientAuthenticationMethod> method() {
        String configured = config.clientAuthentication();
        Optional<ClientAuthenticationMethod> method = ClientAuthenticationMethod.of(configured);
        violations.addIf(
                method.isEmpty(),
                prefix + "client-authentication",
                "'" + configured + "' is not supported; use one of "
                        + Arrays.stream(ClientAuthenticationMethod.values())
                                .map(ClientAuthenticationMethod::registeredName)
                                .collect(Collectors.joining(", ")));
        return method;
    }

    private RotationPolicy rotation() {
        Duration leeway = values.duration("rotation-leeway", config.rotationLeeway());
        boolean given = config.rotationLeeway().isPresent();
        boolean needed = config.rotation().equals("leeway");
        violations.addIf(needed && !given, prefix + "rotation-leeway", "is required with rotation=leeway");
        violations.addIf(!needed && given, prefix + "rotation-leeway", "needs rotation=leeway");
        RotationPolicy rotation = switch (config.rotation()) {
            case "none", "accepts-old", "until-next-used" -> RotationPolicy.NONE;
            case "leeway" -> RotationPolicy.leeway(leeway == null ? Duration.ZERO : leeway);
            case "strict" -> RotationPolicy.STRICT;
            default -> {
                violations.add(
                        prefix + "rotation",
                        "'" + config.rotation()
                                + "' is not supported; use one of none, accepts-old, until-next-used, leeway, strict");
                yield RotationPolicy.STRICT;
            }
        };
        return values.flag("refresh-ends-access-token", config.refreshEndsAccessToken())
                ? rotation.endingAccessTokens()
                : rotation;
    }
}
