package dev.tokenkeep.proofs;

import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.oauth.Secret;
import java.net.URI;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The request to a resource server that a proof is for. Checked. */
public final class ProvenRequest {

    public static final int MAX_METHOD_LENGTH = 32;
    public static final int MAX_URI_LENGTH = 2048;
    public static final int MAX_NONCE_LENGTH = DpopKey.MAX_NONCE_LENGTH;

    /** A {@code token} of RFC 9110 §5.6.2. */
    private static final Pattern METHOD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1," + MAX_METHOD_LENGTH + "}");

    private final String method;
    private final URI uri;
    private final @Nullable String nonce;

    private ProvenRequest(String method, URI uri, @Nullable String nonce) {
        this.method = method;
        this.uri = uri;
        this.nonce = nonce;
    }

    /**
     * @throws InvalidProofRequest if one of them cannot be in a proof
     */
    public static ProvenRequest of(String method, URI uri, @Nullable String nonce) {
        require(METHOD.matcher(method).matches(), "method", "must be an HTTP method, such as GET");
        boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
        require(web && uri.getHost() != null, "uri", "must be an absolute http or https URI with a host");
        // Servers resolve them, so this would be another address than the one that is checked.
        require(
                Stream.of(uri.getPath().split("/")).noneMatch(part -> part.equals(".") || part.equals("..")),
                "uri",
                "must not have dot segments");
        require(uri.getRawUserInfo() == null, "uri", "must not have a user name or password");
        require(uri.toString().length() <= MAX_URI_LENGTH, "uri", "must not be longer than " + MAX_URI_LENGTH);
        require(
                nonce == null || DpopKey.isNonce(nonce),
                "nonce",
                "must have 1 to " + MAX_NONCE_LENGTH + " visible characters, without quotes and backslashes");
        return new ProvenRequest(method, uri, nonce);
    }

    private static void require(boolean holds, String member, String message) {
        if (!holds) {
            throw new InvalidProofRequest(member, message);
        }
    }

    /** Returns whether it may be a token request. */
    boolean isPost() {
        return "POST".equalsIgnoreCase(method);
    }

    URI uri() {
        return uri;
    }

    DpopKey.Request withAccessToken(Secret accessToken) {
        return new DpopKey.Request(method, uri, nonce, accessToken);
    }
}
