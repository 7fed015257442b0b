package dev.tokenkeep.testing;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.JoseException;

/** RSA key pairs. They take a while to be made, so tests that need many use the same ones in turn. */
public final class RsaKeys {

    private RsaKeys() {}

    private static final class Made {
        /** No test needs more different ones at once. */
        private static final int NUMBER = 6;

        private static final List<KeyPair> PAIRS =
                Stream.generate(RsaKeys::generate).limit(NUMBER).toList();
        private static final AtomicInteger NEXT = new AtomicInteger();

        private static KeyPair next() {
            return PAIRS.get(Math.floorMod(NEXT.getAndIncrement(), NUMBER));
        }
    }

    /** One that nobody else has. */
    public static KeyPair generate() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next one, as a JWK that can sign. */
    public static RsaJsonWebKey nextJwk() {
        try {
            KeyPair pair = Made.next();
            var key = (RsaJsonWebKey) PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
            key.setPrivateKey(pair.getPrivate());
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
