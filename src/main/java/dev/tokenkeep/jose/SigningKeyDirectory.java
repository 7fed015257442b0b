package dev.tokenkeep.jose;

import dev.tokenkeep.jose.SigningKeys.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a directory of private keys, such as a Kubernetes Secret mount. A file's name is the {@code kid} of its key, and
 * the file {@code primary} holds the name of the key that signs. A certificate may be in the file of its key or in one of
 * its own.
 */
public final class SigningKeyDirectory {

    private static final String PRIMARY = "primary";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Path directory;
    private final Clock clock;

    public SigningKeyDirectory(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** @throws UnusableKeyException if a file cannot be used; the message names it */
    public SigningKeys read() throws UnusableKeyException {
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
            keys.add(new SigningKey(pair.getKey(), own.getPrivate(), own.getPublic(), chain(own, certificates)));
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
        SigningKey chosen = keys.stream()
                .filter(key -> key.id().equals(primary))
                .findFirst()
                .orElseThrow(() -> new UnusableKeyException(
                        "the file " + directory.resolve(PRIMARY) + " names a key that has no file in the directory"));
        if (!chosen.certificates().isEmpty()) {
            checkTime(chosen.id(), chosen.certificates().get(0));
        }
        return chosen;
    }

    private void checkTime(String id, X509Certificate certificate) throws UnusableKeyException {
        try {
            certificate.checkValidity(Date.from(clock.instant()));
        } catch (CertificateException e) {
            throw new UnusableKeyException("the certificate of the key " + id + " in " + directory
                    + " has expired or is not valid yet (until "
                    + certificate.getNotAfter().toInstant() + ")");
        }
    }

    /** Returns the certificate of a key and those that vouch for it, by their issuers' names. */
    private static List<X509Certificate> chain(KeyPair pair, List<X509Certificate> all) {
        var chain = new ArrayList<X509Certificate>();
        X509Certificate next = all.stream()
                .filter(one -> one.getPublicKey().equals(pair.getPublic()))
                .findFirst()
                .orElse(null);
        while (next != null && !chain.contains(next)) {
            chain.add(next);
            X509Certificate last = next;
            next = all.stream()
                    .filter(one -> one.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
                    .findFirst()
                    .orElse(null);
        }
        return List.copyOf(chain);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
