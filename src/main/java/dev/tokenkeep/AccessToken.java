package dev.tokenkeep;

import dev.tokenkeep.oauth.CertificateThumbprint;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An access token, as {@link TokenProvider} returns it.
 *
 * @param value the token itself
 * @param tokenType how to present the token, as the authorization server spelled it (RFC 6749 §7.1)
 * @param expiresIn the true remaining lifetime when the token was returned, never negative. About a hundred years if the
 *     session has an access token alone, and the authorization server never said when it expires
 * @param scope the granted scope; null if the authorization server never returned one
 * @param version grows with every refresh and every replacement of the session's tokens; pass it as {@code if_version}
 *     to a forced refresh
 * @param status the session's status; unless it is {@link SessionStatus#ACTIVE}, this is the last token until the user
 *     signs in again or acts
 */
public record AccessToken(
        String value,
        String tokenType,
        Duration expiresIn,
        @Nullable String scope,
        long version,
        SessionStatus status) {

    /**
     * Returns the certificate that the token is bound to, as its SHA-256 thumbprint in base64url (RFC 8705 §3.1): present
     * the token over mutual TLS with this certificate. Empty if the token does not say that it is bound; an opaque token
     * never says so.
     */
    public Optional<String> certificateThumbprint() {
        return CertificateThumbprint.of(value);
    }

    @Override
    public String toString() {
        return "AccessToken[expiresIn=" + expiresIn + ", version=" + version + ", status=" + status + "]";
    }
}
