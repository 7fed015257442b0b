package dev.tokenkeep.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** A directory of private keys, as an operator makes it. */
public final class PemKeys {

    private final Path directory;

    private PemKeys(Path directory) {
        this.directory = directory;
    }

    public static PemKeys empty() {
        try {
            return new PemKeys(Files.createTempDirectory("client-keys"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With one key, which signs. */
    public static PemKeys of(String name, KeyPair pair) {
        return empty().add(name, pair).primary(name);
    }

    /** @param kind {@code RSA}, {@code Ed25519}, {@code P-256} and other curves */
    public static KeyPair pair(String kind) {
        try {
            if (kind.equals("RSA")) {
                return RsaKeys.generate();
            }
            if (kind.equals("Ed25519")) {
                return KeyPairGenerator.getInstance(kind).generateKeyPair();
            }
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp" + kind.substring("P-".length()) + "r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String pem(String what, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }

    public PemKeys add(String name, KeyPair pair) {
        return write(name, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    public PemKeys primary(String name) {
        return write("primary", name + "\n");
    }

    /** At once, as a Secret mount does. */
    public PemKeys write(String name, String content) {
        try {
            Path file = Files.createTempFile(directory, ".new", "");
            Files.writeString(file, content);
            Files.move(file, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void remove(String name) {
        try {
            Files.delete(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path directory() {
        return directory;
    }
}
