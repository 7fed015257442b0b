package dev.tokenkeep.registration.settings;

import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import java.util.Map;
import java.util.Set;

/**
 * Checks what a registration of the API must not have, also not by its provider: files and secrets of the operator, which
 * a caller could have sent to a server of its own.
 */
final class ForeignSettingsCheck {

    static final Set<String> OPERATORS = Set.of(
            "client-secret-file",
            "client-keys",
            "client-keys-transit",
            "tls-configuration",
            "proxy",
            "proxy-credentials-file",
            "session-variables",
            "former-names");
    static final String BY_OPERATOR = "can only be set by the operator, in the configuration";

    private static final Set<String> ADDRESSES = Set.of(
            "issuer",
            "token-endpoint",
            "refresh-endpoint",
            "revocation-endpoint",
            "jwks",
            "pushed-authorization-request-endpoint",
            "device-authorization-endpoint");

    private final String prefix;
    private final Presets presets;
    private final ConfigViolations violations;

    ForeignSettingsCheck(String name, Presets presets, ConfigViolations violations) {
        this.prefix = RegistrationMapping.DOTTED + name + ".";
        this.presets = presets;
        this.violations = violations;
    }

    /** @param own what the caller has set; the provider's settings are in {@code all} too */
    void check(Registration all, Map<String, String> own) {
        Map.of(
                        "client-secret-file", all.clientSecretFile(),
                        "client-keys", all.clientKeys(),
                        "client-keys-transit", all.clientKeysTransit(),
                        "tls-configuration", all.tlsConfiguration(),
                        "proxy", all.proxy(),
                        "proxy-credentials-file", all.proxyCredentialsFile())
                .forEach((key, value) -> violations.addIf(
                        value.isPresent(), prefix + "provider", "sets " + key + ", which " + BY_OPERATOR));
        all.provider().filter(presets::isOwn).flatMap(presets::named).ifPresent(preset -> {
            boolean mayHaveSecrets = preset.settings().keySet().stream()
                    .anyMatch(key ->
                            key.equals("client-secret") || key.startsWith("headers.") || key.startsWith("parameters."));
            // Such a variable leads to any host.
            preset.variables()
                    .forEach((variable, pattern) -> violations.addIf(
                            mayHaveSecrets
                                    && pattern.matcher(ProviderCheck.ANY_HOST).matches(),
                            prefix + "variables." + variable,
                            "may be any host with this provider: its headers, parameters and secret would go there. The operator can"
                                    + " narrow preset.variables." + variable));
            own.keySet().stream()
                    .filter(key -> mayHaveSecrets && ADDRESSES.contains(key))
                    .forEach(
                            key -> violations.add(
                                    prefix + key,
                                    "cannot be set with this provider: its headers, parameters and secret go only to its own addresses"));
        });
    }
}
