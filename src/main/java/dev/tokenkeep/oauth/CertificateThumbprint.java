package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds the certificate that an access token is bound to (RFC 8705 §3.1), if the token is a JWT and says so. An opaque
 * token does not tell. Nothing is verified; the resource server does that.
 */
public final class CertificateThumbprint {

    private static final String CLAIM = "\"cnf\"";
    private static final int BYTE = 8;
    private static final int DIGIT = 6;

    /**
     * The claim's name in base64url, at each of the three places where it can begin, without the digits that depend on what
     * is beside it. Most tokens are not bound, and every read asks, so the JSON is read only if one of these is there.
     */
    private static final List<String> ENCODED =
            IntStream.range(0, 3).mapToObj(CertificateThumbprint::encoded).toList();

    private CertificateThumbprint() {}

    private static String encoded(int before) {
        String text = Base64.getUrlEncoder().encodeToString((" ".repeat(before) + CLAIM).getBytes(US_ASCII));
        int first = (before * BYTE + DIGIT - 1) / DIGIT;
        return text.substring(first, (before + CLAIM.length()) * BYTE / DIGIT);
    }

    /** Returns the SHA-256 thumbprint of the certificate, in base64url; empty if the token does not say that it is bound. */
    public static Optional<String> of(String accessToken) {
        if (ENCODED.stream().noneMatch(accessToken::contains)) {
            return Optional.empty();
        }
        return JwtPayload.of(Secret.of(accessToken))
                .map(payload -> payload.path("cnf").path("x5t#S256"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }
}
