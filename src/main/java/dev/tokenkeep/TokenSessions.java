package dev.tokenkeep;

/**
 * Registers, replaces and removes sessions from inside an application: {@code @Inject TokenSessions}. The methods do
 * what {@code POST}, {@code PUT} and {@code DELETE} of {@code /v1/sessions} do in the REST API.
 *
 * <p>A token response is the authorization server's own JSON (RFC 6749 §5.1) and must have a {@code refresh_token}.
 */
public interface TokenSessions {

    /**
     * Registers a session and returns its id. If the refresh token is already kept, returns the id of the existing
     * session.
     *
     * @throws IllegalArgumentException if the registration is unknown, the token response is unusable, or its refresh
     *     token belongs to another session; the message names the member
     */
    String register(String registration, String subject, String tokenResponse);

    /**
     * Replaces the session's tokens after its user has signed in again.
     *
     * @throws SessionNotFoundException if there is no such session
     * @throws IllegalArgumentException if the token response is unusable, its refresh token belongs to another session,
     *     or the session's registration is no longer configured; the message names the member
     */
    void replace(String sessionId, String tokenResponse);

    /** Removes the session and has its refresh token revoked. Returns false if there was no such session. */
    boolean remove(String sessionId);
}
