package dev.tokenkeep.session;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a session gets its next access token with. It is stored encrypted, and its fingerprint finds the session that has
 * it already.
 *
 * @param credential the refresh token. For {@link GrantType#CLIENT_CREDENTIALS} what is asked for, and for whom. For
 *     {@link GrantType#NONE} the access token itself
 * @param dpopKey what the tokens are bound to (RFC 9449); null if they are bound to nothing that is known
 */
public record Renewal(
        GrantType grant, Secret credential, @Nullable Secret dpopKey) {

    private static final String CLIENT_CREDENTIALS = "client_credentials";
    private static final String SEPARATOR = "\n";
    private static final int SCOPE = 3;

    /**
     * Returns what the response renews the session with. It has a refresh token or an access token.
     *
     * @param dpopKey what these are bound to; null if they are bound to nothing that is known
     */
    public static Renewal of(TokenResponse response, @Nullable Secret dpopKey) {
        return response.refreshToken() == null
                ? new Renewal(GrantType.NONE, Objects.requireNonNull(response.accessToken(), "access_token"), dpopKey)
                : new Renewal(GrantType.REFRESH_TOKEN, response.refreshToken(), dpopKey);
    }

    /** Each caller has one such session of a registration for a scope. */
    public static Renewal clientCredentials(String registration, String caller, @Nullable String scope) {
        return new Renewal(
                GrantType.CLIENT_CREDENTIALS,
                Secret.of(String.join(SEPARATOR, CLIENT_CREDENTIALS, registration, caller, scope == null ? "" : scope)),
                null);
    }

    /**
     * Returns how a credential renews a session. Replicas of the version before, which know only refresh tokens, may have
     * stored one without a change of the grant.
     *
     * @param stored what the row says
     * @param accessToken the row's; null if there is none
     */
    public static GrantType grant(GrantType stored, Secret credential, @Nullable Secret accessToken) {
        boolean fits = switch (stored) {
            case REFRESH_TOKEN -> true;
            case CLIENT_CREDENTIALS -> credential.reveal().startsWith(CLIENT_CREDENTIALS + SEPARATOR);
            case NONE -> credential.equals(accessToken);
        };
        return fits ? stored : GrantType.REFRESH_TOKEN;
    }

    /** Returns the scope that {@link #clientCredentials} was made with; null for none. */
    public static @Nullable String scope(Secret credential) {
        String scope = credential.reveal().split(SEPARATOR, SCOPE + 1)[SCOPE];
        return scope.isEmpty() ? null : scope;
    }
}
