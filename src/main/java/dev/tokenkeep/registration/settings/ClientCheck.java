package dev.tokenkeep.registration.settings;

import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.BasicCredentials;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientRegistration.Client;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks what the client is, and how it authenticates. */
record ClientCheck(String prefix, ConfigViolations violations, ClientKeys keys) {

    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** @param method null if it is not known */
    Client client(Registration config, @Nullable ClientAuthenticationMethod method) {
        BasicCredentials basic = basicCredentials(config);
        boolean basicIsUsed = method == ClientAuthenticationMethod.CLIENT_SECRET_BASIC;
        boolean withoutSecret = basicIsUsed && basic == BasicCredentials.ID_ALONE;
        Secret secret = new ClientSecretCheck(prefix, violations)
                .secret(config, withoutSecret ? ClientAuthenticationMethod.NONE : method);
        return new Client(
                id(config),
                idParameter(config),
                secret,
                method == null ? ClientAuthenticationMethod.NONE : method,
                basic,
                new ClientAssertionCheck(prefix, violations, keys).assertion(config, method, secret));
    }

    private String id(Registration config) {
        String id = config.clientId().orElse("");
        violations.addIf(id.isBlank(), prefix + "client-id", "is required");
        violations.addIf(
                id.chars().anyMatch(Character::isISOControl), prefix + "client-id", "contains a control character");
        return id;
    }

    private String idParameter(Registration config) {
        String name = config.clientIdParameter();
        violations.addIf(
                !PARAMETER.matcher(name).matches(),
                prefix + "client-id-parameter",
                "must be the name of a parameter, such as client_id");
        return name;
    }

    private BasicCredentials basicCredentials(Registration config) {
        Optional<BasicCredentials> configured = BasicCredentials.of(config.basicCredentials());
        violations.addIf(
                configured.isEmpty(),
                prefix + "basic-credentials",
                "'" + config.basicCredentials() + "' is not supported; use one of " + BasicCredentials.names());
        return configured.orElse(BasicCredentials.ENCODED);
    }
}
