package dev.tokenkeep.jose;

import dev.tokenkeep.oauth.S256;
import dev.tokenkeep.oauth.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** A P-256 key pair that tokens are bound to (RFC 9449). It prints nothing of its private half. */
public final class DpopKey {

    /** No server needs a longer one. */
    public static final int MAX_NONCE_LENGTH = 1024;

    private static final String SHA_256 = "SHA-256";

    /** {@code NQCHAR} of RFC 6749 appendix A, as RFC 9449 §8.1 wants it. */
    private static final Pattern NONCE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1," + MAX_NONCE_LENGTH + "}");

    /** Some servers refuse a JWT that their own clock has not reached yet (CONFORMANCE G21). */
    private static final Duration BACKDATED = Duration.ofSeconds(2);

    private final PublicJsonWebKey pair;

    private DpopKey(PublicJsonWebKey pair) {
        this.pair = pair;
    }

    /**
     * What a proof is for.
     *
     * @param uri its query and fragment are not part of the proof
     * @param nonce what the server asked to repeat; null for none
     * @param accessToken what is presented with the proof; null for a token request
     */
    public record Request(
            String method,
            URI uri,
            @Nullable String nonce,
            @Nullable Secret accessToken) {}

    public static DpopKey generate() {
        try {
            return new DpopKey(EcJwkGenerator.generateJwk(EllipticCurves.P256));
        } catch (JoseException e) {
            throw new IllegalStateException("A P-256 key cannot be generated", e);
        }
    }

    /**
     * Returns the key that {@link #toJwk()} returned.
     *
     * @throws IllegalStateException if it is no key pair
     */
    public static DpopKey ofJwk(Secret jwk) {
        try {
            return new DpopKey(PublicJsonWebKey.Factory.newPublicJwk(jwk.reveal()));
        } catch (JoseException e) {
            // Without the cause, which quotes the key.
            throw new IllegalStateException("A stored DPoP key cannot be read");
        }
    }

    /** Returns the key pair as a JWK, to be encrypted and stored. */
    public Secret toJwk() {
        return Secret.of(pair.toJson(OutputControlLevel.INCLUDE_PRIVATE));
    }

    /** Returns the thumbprint of the public half (RFC 7638), called {@code jkt} by RFC 9449 §6.1. */
    public String thumbprint() {
        return pair.calculateBase64urlEncodedThumbprint(SHA_256);
    }

    /** Returns a new proof for one request, and only for that one (RFC 9449 §4.2). */
    public String proof(Request request, Instant now) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("htm", request.method());
        claims.put("htu", address(request.uri()));
        claims.put("iat", now.minus(BACKDATED).getEpochSecond());
        if (request.nonce() != null) {
            claims.put("nonce", request.nonce());
        }
        if (request.accessToken() != null) {
            claims.put("ath", S256.of(request.accessToken().reveal()));
        }
        return JwtSigner.sign(claims, "dpop+jwt", pair);
    }

    /** Returns an absolute address as servers compare it, without its query (CONFORMANCE G26). */
    public static String address(URI uri) {
        return origin(uri) + (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath());
    }

    /** Returns its scheme, host and port as servers compare them. */
    public static String origin(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int standard = scheme.equals("https") ? 443 : 80;
        String port = uri.getPort() < 0 || uri.getPort() == standard ? "" : ":" + uri.getPort();
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port;
    }

    /** Returns whether it is a nonce that can be in a proof. */
    public static boolean isNonce(@Nullable String text) {
        return text != null && NONCE.matcher(text).matches();
    }

    @Override
    public String toString() {
        return "[DPoP key]";
    }
}
