package dev.tokenkeep.settings;

import dev.tokenkeep.oauth.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a secret from its own file, such as one of a Kubernetes Secret. */
public final class SecretFile {

    private SecretFile() {}

    /** Returns the secret. Adds a violation if the file is empty; adds one and returns null if it cannot be read. */
    public static @Nullable Secret read(String file, String key, ConfigViolations violations) {
        try {
            String secret = Files.readString(Path.of(file)).replaceFirst("\\R\\z", "");
            violations.addIf(secret.isBlank(), key, "the file " + file + " is empty");
            return Secret.of(secret);
        } catch (IOException | RuntimeException e) {
            violations.add(
                    key, "the file " + file + " cannot be read: " + e.getClass().getSimpleName());
            return null;
        }
    }
}
