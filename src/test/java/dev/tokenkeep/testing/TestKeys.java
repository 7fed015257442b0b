package dev.tokenkeep.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A key directory as an operator would make it. */
public final class TestKeys {

    private TestKeys() {}

    public static Path directory() {
        try {
            Path directory = Files.createTempDirectory("tokenkeep-keys");
            var key = new byte[32];
            new SecureRandom().nextBytes(key);
            Files.writeString(directory.resolve("k1"), Base64.getEncoder().encodeToString(key) + "\n");
            Files.writeString(directory.resolve("primary"), "k1\n");
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
