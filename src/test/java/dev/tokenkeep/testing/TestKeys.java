package dev.tokenkeep.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/** A key directory as an operator would make it. */
public final class TestKeys {

    private static final String FIRST = "k1";

    private TestKeys() {}

    public static Path directory() {
        try {
            Path directory = Files.createTempDirectory("tokenkeep-keys");
            add(directory, FIRST);
            firstPrimary(directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A key of a new id, and the file {@code primary} with it; the id. */
    public static String newPrimary(Path directory) {
        String id = "k-" + UUID.randomUUID();
        add(directory, id);
        primary(directory, id);
        return id;
    }

    /** The key that the directory began with, in the file {@code primary} again. */
    public static void firstPrimary(Path directory) {
        primary(directory, FIRST);
    }

    /** Files of another directory that this one does not have, and its {@code primary}. */
    public static void copy(Path from, Path to) {
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A key that a Transit engine has wrapped, as the primary one. */
    public static void newWrappedPrimary(Path directory, String id) {
        write(directory.resolve(id), ScriptedTransit.wrapped(random()) + "\n");
        primary(directory, id);
    }

    private static void add(Path directory, String id) {
        write(directory.resolve(id), Base64.getEncoder().encodeToString(random()) + "\n");
    }

    private static byte[] random() {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        return key;
    }

    private static void primary(Path directory, String id) {
        write(directory.resolve("primary"), id + "\n");
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
