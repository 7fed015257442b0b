package dev.tokenkeep;

/**
 * Keeps sessions from inside an application: {@code @Inject TokenSessions}. What the REST API's callers do with
 * {@code POST}, {@code PUT} and {@code DELETE} of {@code /v1/sessions}.
 *
 * <p>Token responses are the authorization server's own JSON (RFC 6749 §5.1) and need a {@code refresh_token}.
 */
public interface TokenSessions {

    /**
     * Keeps a new session and answers its id; a refresh token that is kept already gives the id of its session.
     *
     * @throws IllegalArgumentException naming the member, for an unknown registration or an unusable token response
     */
    String register(String registration, String subject, String tokenResponse);

    /**
     * The user signed in again: the session goes on with these tokens.
     *
     * @throws SessionNotFoundException if there is no such session
     * @throws IllegalArgumentException naming the member, for an unusable token response
     */
    void replace(String sessionId, String tokenResponse);

    /** Removes the session and has its refresh token revoked; false if there was none. */
    boolean remove(String sessionId);
}
