package dev.tokenkeep.demo;

import io.smallrye.jwt.build.Jwt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/** The demonstration's caller. Its key pair is stored, so a pasted JWT stays valid after a restart. */
final class DemoCaller {

    /** Its client, its callers.* name and its subject. */
    static final String NAME = "demo";

    private static final String ISSUER = "https://demo.tokenkeep.dev";
    private static final String AUDIENCE = "tokenkeep";

    private DemoCaller() {}

    /** Returns the settings that make its JWTs valid. */
    static synchronized Map<String, String> settings() {
        createKeys();
        try {
            return Map.of(
                    "mp.jwt.verify.publickey", Files.readString(file("caller.pub")),
                    "mp.jwt.verify.issuer", ISSUER,
                    "mp.jwt.verify.audiences", AUDIENCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a JWT that is valid for a day. */
    static String jwt() {
        return Jwt.subject(NAME)
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .expiresIn(Duration.ofDays(1))
                .sign(privateKey());
    }

    private static void createKeys() {
        if (Files.exists(file("caller.pub"))) {
            return;
        }
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            Files.createDirectories(DemoDirectory.path());
            Files.writeString(
                    file("caller.key"),
                    Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
            Files.writeString(
                    file("caller.pub"),
                    Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PrivateKey privateKey() {
        try {
            byte[] encoded = Base64.getDecoder().decode(Files.readString(file("caller.key")));
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(String name) {
        return DemoDirectory.path().resolve(name);
    }
}
