package dev.tokenkeep.registration.settings;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.SecretFile;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and checks the client secret of a registration, from the configuration or from its own file. */
record ClientSecretCheck(String prefix, ConfigViolations violations) {

    private static final String SECRET = "client-secret";
    private static final String FILE = "client-secret-file";

    /**
     * Returns the secret; null if there is none, or if it is configured twice or cannot be read.
     *
     * @param method null if it is not known what the registration needs
     */
    @Nullable
    Secret secret(Registration config, @Nullable ClientAuthenticationMethod method) {
        Optional<String> secret = config.clientSecret();
        Optional<String> file = config.clientSecretFile();
        String given = prefix + (file.isPresent() ? FILE : SECRET);
        if (secret.isPresent() && file.isPresent()) {
            violations.add(given, "is set in addition to client-secret; set only one of them");
            return null;
        }
        if (secret.isEmpty() && file.isEmpty()) {
            violations.addIf(
                    method != null && method.needsSecret(),
                    given,
                    "is required (or client-secret-file) with this client-authentication");
            return null;
        }
        violations.addIf(
                method != null && !method.needsSecret(),
                given,
                "is set, but client-authentication=" + (method == null ? "" : method.registeredName())
                        + " uses no client secret");
        Secret read = file.isPresent()
                ? SecretFile.read(file.get(), given, violations)
                : Secret.ofNullable(secret.orElse(null));
        violations.addIf(
                read != null && read.reveal().chars().anyMatch(Character::isISOControl),
                given,
                "contains a control character, such as a line break");
        return read;
    }
}
