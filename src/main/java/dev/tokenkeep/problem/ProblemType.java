package dev.tokenkeep.problem;

import java.util.Arrays;

/** Every kind of failure the API tells of, by its stable URN (RFC 9457). */
public enum ProblemType {
    INVALID_REQUEST(400, "invalid-request", "The request can't be used"),
    UNAUTHORIZED(401, "unauthorized", "The caller is not known"),
    FORBIDDEN(403, "forbidden", "The caller may not do this"),
    NOT_FOUND(404, "not-found", "There is nothing at this path"),
    SESSION_NOT_FOUND(404, "session-not-found", "There is no such session"),
    ID_TOKEN_NOT_FOUND(404, "id-token-not-found", "The session has no ID token"),
    REGISTRATION_NOT_FOUND(404, "registration-not-found", "There is no such registration"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "This path does not have this method"),
    NOT_ACCEPTABLE(406, "not-acceptable", "Answers are JSON"),
    REAUTHENTICATION_REQUIRED(409, "reauthentication-required", "The user has to sign in again"),
    USER_ACTION_REQUIRED(409, "user-action-required", "The user has to act"),
    REFRESH_TOKEN_ALREADY_KEPT(409, "refresh-token-already-kept", "Another session keeps this refresh token"),
    BODY_TOO_LARGE(413, "body-too-large", "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "Bodies are JSON"),
    TOO_MANY_REQUESTS(429, "too-many-requests", "The caller asks too much"),
    INTERNAL_ERROR(500, "internal-error", "Something went wrong here"),
    AUTHORIZATION_SERVER_UNAVAILABLE(
            503, "authorization-server-unavailable", "The authorization server gives no token right now"),
    REGISTRATION_PAUSED(503, "registration-paused", "The registration is paused"),
    ISSUER_UNAVAILABLE(503, "issuer-unavailable", "The issuer of the caller's token can't be asked for its keys"),
    KEY_UNAVAILABLE(503, "key-unavailable", "The session's key is missing"),
    AUDIT_UNAVAILABLE(503, "audit-unavailable", "The audit can't be written right now"),
    STORAGE_UNAVAILABLE(503, "storage-unavailable", "The storage can't be reached right now");

    private final int status;
    private final String name;
    private final String title;

    ProblemType(int status, String name, String title) {
        this.status = status;
        this.name = name;
        this.title = title;
    }

    /** For a status that was decided elsewhere; the general ones of the status, and 400 and 500 for the rest. */
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
