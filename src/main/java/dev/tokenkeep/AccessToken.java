package dev.tokenkeep;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An access token as it is handed out.
 *
 * @param value the token itself
 * @param tokenType how to present it, as the authorization server spelled it (RFC 6749 §7.1)
 * @param expiresIn its true remaining lifetime at the time it was answered, never negative
 * @param scope the granted scope, or null if the authorization server never told
 * @param version grows with every refresh of the session; answers {@code if_version} of a forced refresh
 * @param status of its session: unless it is {@link SessionStatus#ACTIVE}, this token is the last one before the user has signed
 *     in again or acted
 */
public record AccessToken(
        String value,
        String tokenType,
        Duration expiresIn,
        @Nullable String scope,
        long version,
        SessionStatus status) {

    @Override
    public String toString() {
        return "AccessToken[expiresIn=" + expiresIn + ", version=" + version + ", status=" + status + "]";
    }
}
