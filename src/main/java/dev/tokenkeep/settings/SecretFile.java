package dev.tokenkeep.settings;

import dev.tokenkeep.oauth.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A secret in a file of its own, such as a Kubernetes Secret's. */
public final class SecretFile {

    private SecretFile() {}

    /** Null, and a violation noted, if it can't be read or holds nothing. */
    public static @Nullable Secret read(String file, String key, ConfigViolations violations) {
        try {
            String secret = Files.readString(Path.of(file)).replaceFirst("\\R\\z", "");
            violations.addIf(secret.isBlank(), key, "the file " + file + " is empty");
            return Secret.of(secret);
        } catch (IOException | RuntimeException e) {
            violations.add(
                    key, "the file " + file + " can't be read: " + e.getClass().getSimpleName());
            return null;
        }
    }
}
