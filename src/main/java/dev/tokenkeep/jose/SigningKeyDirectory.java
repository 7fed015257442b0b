package dev.tokenkeep.jose;

import dev.tokenkeep.jose.SigningKeys.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a directory of private keys, such as a Kubernetes Secret mount. A file's name is the {@code kid} of its key, and
 * the file {@code primary} holds the name of the key that signs. A certificate may be in the file of its key or in one of
 * its own.
 */
final class SigningKeyDirectory {

    private static final String PRIMARY = "primary";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Path directory;

    SigningKeyDirectory(Path directory) {
        this.directory = directory;
    }

    /** @throws UnusableKeyException if a file cannot be used; the message names it */
    SigningKeys read() throws UnusableKeyException {
        var pairs = new TreeMap<String, KeyPair>();
        var certificates = new ArrayList<X509Certificate>();
        @Nullable String primary = null;
        for (Path file : files()) {
            if (name(file).equals(PRIMARY)) {
                primary = text(file).strip();
                continue;
            }
            KeyFile read = read(file);
            certificates.addAll(read.certificates());
            if (read.pair() != null) {
                pairs.put(name(file), read.pair());
            }
        }
        var keys = new ArrayList<SigningKey>();
        for (var pair : pairs.entrySet()) {
            KeyPair own = pair.getValue();
            keys.add(new SigningKey(
                    pair.getKey(), new PrivateKeySigner(own.getPrivate()), own.getPublic(), chain(own, certificates)));
        }
        return new SigningKeys(keys, chosen(primary, keys));
    }

    private List<Path> files() throws UnusableKeyException {
        try (Stream<Path> files = Files.list(directory)) {
            // A Secret mount keeps its versions in directories and links whose names begin with two dots.
            return files.filter(file -> !name(file).startsWith(".")).sorted().toList();
        } catch (IOException e) {
            throw new UnusableKeyException("the directory " + directory + " cannot be read: "
                    + e.getClass().getSimpleName());
        }
    }

    private KeyFile read(Path file) throws UnusableKeyException {
        if (!NAME.matcher(name(file)).matches()) {
            throw new UnusableKeyException("the name of the file " + file + " cannot be the id of a key");
        }
        try {
            return KeyFile.of(text(file));
        } catch (UnusableKeyException e) {
            throw new UnusableKeyException("the file " + file + " " + e.getMessage());
        }
    }

    private String text(Path file) throws UnusableKeyException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UnusableKeyException(
                    "the file " + file + " cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private SigningKey chosen(@Nullable String primary, List<SigningKey> keys) throws UnusableKeyException {
        if (primary == null) {
            throw new UnusableKeyException("the directory " + directory + " has no file " + PRIMARY);
        }
        return keys.stream()
                .filter(key -> key.id().equals(primary))
                .findFirst()
                .orElseThrow(() -> new UnusableKeyException(
                        "the file " + directory.resolve(PRIMARY) + " names a key that has no file in the directory"));
    }

    /** Returns the certificate of a key, the one that is valid longest, and those that vouch for it. */
    private static List<X509Certificate> chain(KeyPair pair, List<X509Certificate> all) {
        var chain = new ArrayList<X509Certificate>();
        Optional<X509Certificate> next = all.stream()
                .filter(one -> one.getPublicKey().equals(pair.getPublic()))
                .max(Comparator.comparing(X509Certificate::getNotAfter));
        while (next.isPresent()) {
            X509Certificate last = next.get();
            chain.add(last);
            next = all.stream()
                    .filter(one -> !chain.contains(one) && isIssuer(one, last))
                    .findFirst();
        }
        return List.copyOf(chain);
    }

    /** Certificates that are replaced often have the same name, so the name alone tells nothing. */
    private static boolean isIssuer(X509Certificate one, X509Certificate of) {
        if (of.getSubjectX500Principal().equals(of.getIssuerX500Principal())) {
            return false;
        }
        try {
            of.verify(one.getPublicKey());
            return one.getSubjectX500Principal().equals(of.getIssuerX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
