package dev.tokenkeep.testing;

import java.security.KeyPair;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.JoseException;

/** RSA keys that can sign. They take a while to be made, so the same ones are used in turn. */
public final class RsaJwks {

    /** No test needs more different ones at once. */
    private static final int NUMBER = 6;

    private static final List<KeyPair> PAIRS =
            Stream.generate(RsaKeys::generate).limit(NUMBER).toList();
    private static final AtomicInteger NEXT = new AtomicInteger();

    private RsaJwks() {}

    public static RsaJsonWebKey next() {
        try {
            KeyPair pair = PAIRS.get(Math.floorMod(NEXT.getAndIncrement(), NUMBER));
            var key = (RsaJsonWebKey) PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
            key.setPrivateKey(pair.getPrivate());
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
