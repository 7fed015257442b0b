package dev.tokenkeep.jose;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** The key pairs of a client. One of them signs; the public halves of all are published. Immutable. */
public final class SigningKeys {

    private static final String SHA_256 = "SHA-256";

    private final SigningKey primary;
    private final String thumbprint;
    private final String publicJwks;

    /**
     * A key pair.
     *
     * @param id the {@code kid}
     * @param signer its private half
     * @param certificates its own first, then those that vouch for it; empty if there is none
     */
    public record SigningKey(String id, Signer signer, PublicKey publicKey, List<X509Certificate> certificates) {

        @Override
        public String toString() {
            return "[key " + id + "]";
        }
    }

    /**
     * @param primary one of all
     * @throws UnusableKeyException if a key cannot be published
     */
    public SigningKeys(List<SigningKey> all, SigningKey primary) throws UnusableKeyException {
        this.primary = primary;
        var keys = new ArrayList<PublicJsonWebKey>();
        for (SigningKey key : all) {
            keys.add(published(key));
        }
        this.thumbprint = keys.get(all.indexOf(primary)).calculateBase64urlEncodedThumbprint(SHA_256);
        this.publicJwks = new JsonWebKeySet(keys).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    private static PublicJsonWebKey published(SigningKey key) throws UnusableKeyException {
        try {
            PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(key.publicKey());
            jwk.setKeyId(key.id());
            jwk.setUse(Use.SIGNATURE);
            if (!key.certificates().isEmpty()) {
                // RFC 8705 §2.2.2: servers find the certificate of a self-signed client here.
                jwk.setCertificateChain(key.certificates());
            }
            return jwk;
        } catch (JoseException e) {
            throw new UnusableKeyException("the key " + key.id() + " is of a kind that cannot be used");
        }
    }

    /** Returns the key that signs. */
    public SigningKey primary() {
        return primary;
    }

    /** Returns the thumbprint of the key that signs (RFC 7638). */
    public String thumbprint() {
        return thumbprint;
    }

    /** Returns a JWK set (RFC 7517 §5) with the public halves. */
    public String publicJwks() {
        return publicJwks;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SigningKeys keys
                && keys.primary.id().equals(primary.id())
                && keys.publicJwks.equals(publicJwks);
    }

    @Override
    public int hashCode() {
        return Objects.hash(primary.id(), publicJwks);
    }

    @Override
    public String toString() {
        return "[keys, primary " + primary.id() + "]";
    }
}
