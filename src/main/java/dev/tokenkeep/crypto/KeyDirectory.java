package dev.tokenkeep.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of keys, such as a Kubernetes Secret mount. A file's name is the key id, and the key provider unwraps its
 * content. The file {@code primary} holds the id of the key that encrypts.
 */
final class KeyDirectory {

    private static final String PRIMARY = "primary";
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Path directory;
    private final KeyProvider provider;

    KeyDirectory(Path directory, KeyProvider provider) {
        this.directory = directory;
        this.provider = provider;
    }

    /**
     * Reads the whole directory.
     *
     * @throws IllegalStateException with the name of the file that cannot be used, never its content
     */
    KeyRing read() {
        var keys = new TreeMap<String, byte[]>();
        @Nullable String primary = null;
        try (Stream<Path> files = Files.list(directory)) {
            // A Secret mount keeps its versions in directories and links whose names begin with two dots.
            for (Path file : files.filter(path -> !name(path).startsWith(".")).toList()) {
                if (name(file).equals(PRIMARY)) {
                    primary = Files.readString(file).strip();
                } else {
                    keys.put(keyId(file), key(file));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("The key directory " + directory + " cannot be read: " + e, e);
        }
        return KeyRing.of(keys, checked(primary, keys));
    }

    private String checked(@Nullable String primary, Map<String, byte[]> keys) {
        if (primary == null) {
            throw new IllegalStateException("The key directory " + directory + " has no file " + PRIMARY);
        }
        if (!keys.containsKey(primary)) {
            throw new IllegalStateException(
                    "The file " + directory.resolve(PRIMARY) + " names a key that has no file in the key directory");
        }
        return primary;
    }

    private String keyId(Path file) {
        if (!KEY_ID.matcher(name(file)).matches()) {
            throw new IllegalStateException("The name of the file " + file + " is not a valid key id");
        }
        return name(file);
    }

    private byte[] key(Path file) throws IOException {
        byte[] key;
        try {
            key = provider.unwrap(name(file), Files.readString(file).strip());
        } catch (KeyUnavailableException e) {
            throw new IllegalStateException("The key file " + file + " " + e.getMessage());
        }
        if (key.length != KeyRing.KEY_BYTES) {
            throw new IllegalStateException("The key file " + file + " holds " + key.length + " bytes, not 32");
        }
        return key;
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    /** Creates a directory with one new key unless it has one. For development only. */
    void createIfAbsent() {
        if (Files.exists(directory.resolve(PRIMARY))) {
            return;
        }
        var key = new byte[KeyRing.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        try {
            Files.createDirectories(directory);
            writeSecret(directory.resolve("dev"), Base64.getEncoder().encodeToString(key));
            writeSecret(directory.resolve(PRIMARY), "dev");
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write a development key to " + directory + ": " + e, e);
        }
    }

    private static void writeSecret(Path file, String content) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.write(file, content.getBytes(UTF_8));
    }

    /** Returns a text that changes when a file is added, removed, replaced or written. Cheap enough to call often. */
    String stamp() {
        try (Stream<Path> files = Files.list(directory)) {
            var stamp = new StringBuilder();
            for (Path file : files.sorted().toList()) {
                stamp.append(name(file)).append('@').append(stampOf(file)).append('\n');
            }
            return stamp.toString();
        } catch (IOException e) {
            return "unreadable";
        }
    }

    private static String stampOf(Path file) throws IOException {
        try {
            // The real path changes when a Secret mount is switched to another version.
            return file.toRealPath() + "@" + Files.getLastModifiedTime(file).toMillis() + "@" + Files.size(file);
        } catch (NoSuchFileException e) {
            return "gone";
        }
    }
}
