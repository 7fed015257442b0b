package dev.tokenkeep.problem;

import java.util.Arrays;

/** The kinds of failures that the API reports, with their stable URNs (RFC 9457). */
public enum ProblemType {
    INVALID_REQUEST(400, "invalid-request", "The request is invalid"),
    CALLBACK_REFUSED(400, "callback-refused", "The callback does not belong to this authorization"),
    CLIENT_REGISTRATION_REFUSED(
            400,
            "client-registration-refused",
            "The authorization server has not registered a client that can be used"),
    UNAUTHORIZED(401, "unauthorized", "The caller is not authenticated"),
    FORBIDDEN(403, "forbidden", "The caller may not do this"),
    NOT_FOUND(404, "not-found", "No such resource"),
    SESSION_NOT_FOUND(404, "session-not-found", "There is no such session"),
    ID_TOKEN_NOT_FOUND(404, "id-token-not-found", "The session has no ID token"),
    REGISTRATION_NOT_FOUND(404, "registration-not-found", "There is no such registration"),
    AUTHORIZATION_NOT_FOUND(404, "authorization-not-found", "There is no such authorization"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "Method not allowed"),
    NOT_ACCEPTABLE(406, "not-acceptable", "Only JSON can be returned"),
    REAUTHENTICATION_REQUIRED(409, "reauthentication-required", "The user has to sign in again"),
    TARGET_REFUSED(409, "target-refused", "There is no access token for this target"),
    TOKEN_NOT_BOUND(409, "token-not-bound", "The access token is not bound to a key"),
    USER_ACTION_REQUIRED(409, "user-action-required", "The user has to act at the authorization server"),
    REFRESH_TOKEN_ALREADY_KEPT(
            409, "refresh-token-already-kept", "This refresh token already belongs to another session"),
    REGISTRATION_CONFIGURED(409, "registration-configured", "The operator has configured this registration"),
    REGISTRATION_IN_USE(409, "registration-in-use", "The name of the registration is in use"),
    SIGN_IN_NOT_POSSIBLE(409, "sign-in-not-possible", "Users cannot sign in with this registration"),
    AUTHORIZATION_DENIED(409, "authorization-denied", "The authorization server did not grant the authorization"),
    AUTHORIZATION_OVER(409, "authorization-over", "The authorization is over, without a session"),
    AUTHORIZATION_IN_PROGRESS(409, "authorization-in-progress", "The authorization code is being exchanged"),
    BODY_TOO_LARGE(413, "body-too-large", "Request body too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "Only JSON bodies are accepted"),
    TOO_MANY_REQUESTS(429, "too-many-requests", "Rate limit exceeded"),
    INTERNAL_ERROR(500, "internal-error", "Internal error"),
    AUTHORIZATION_SERVER_UNAVAILABLE(
            503, "authorization-server-unavailable", "The authorization server is not available"),
    REGISTRATION_PAUSED(503, "registration-paused", "The registration is paused"),
    ISSUER_UNAVAILABLE(503, "issuer-unavailable", "The signing keys of the JWT's issuer are not available"),
    KEY_UNAVAILABLE(503, "key-unavailable", "The session's encryption key is missing"),
    AUDIT_UNAVAILABLE(503, "audit-unavailable", "The audit table is not available"),
    STORAGE_UNAVAILABLE(503, "storage-unavailable", "The database is not available");

    private final int status;
    private final String name;
    private final String title;

    ProblemType(int status, String name, String title) {
        this.status = status;
        this.name = name;
        this.title = title;
    }

    /** Returns the first type with a status that was decided elsewhere; if there is none, that of 400 or 500. */
    static ProblemType of(int status) {
        return Arrays.stream(values())
                .filter(type -> type.status == status)
                .findFirst()
                .orElse(status >= 500 ? INTERNAL_ERROR : INVALID_REQUEST);
    }

    public int status() {
        return status;
    }

    public String urn() {
        return "urn:tokenkeep:problem:" + name;
    }

    /** The last part of the URN. */
    public String slug() {
        return name;
    }

    public String title() {
        return title;
    }
}
