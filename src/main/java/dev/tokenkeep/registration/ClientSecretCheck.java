package dev.tokenkeep.registration;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.SecretFile;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The secret of a registration that needs one, from the configuration or from a file of its own. */
record ClientSecretCheck(String prefix, ConfigViolations violations) {

    private static final String SECRET = "client-secret";
    private static final String FILE = "client-secret-file";

    /**
     * Null if there is none, or if a violation is noted.
     *
     * @param method null if it is not known what the registration needs
     */
    @Nullable
    Secret secret(Registration config, @Nullable ClientAuthenticationMethod method) {
        Optional<String> secret = config.clientSecret();
        Optional<String> file = config.clientSecretFile();
        String given = prefix + (file.isPresent() ? FILE : SECRET);
        if (secret.isPresent() && file.isPresent()) {
            violations.add(given, "is given besides client-secret; only one of them may be");
            return null;
        }
        if (secret.isEmpty() && file.isEmpty()) {
            violations.addIf(
                    method != null && method.needsSecret(),
                    given,
                    "is required (or client-secret-file), unless client-authentication is none");
            return null;
        }
        violations.addIf(
                method == ClientAuthenticationMethod.NONE, given, "is given, but client-authentication=none uses none");
        Secret read = file.isPresent()
                ? SecretFile.read(file.get(), given, violations)
                : Secret.ofNullable(secret.orElse(null));
        violations.addIf(
                read != null && read.reveal().chars().anyMatch(Character::isISOControl),
                given,
                "holds a control character, such as a line break");
        return read;
    }
}
