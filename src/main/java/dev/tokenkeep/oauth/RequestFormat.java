package dev.tokenkeep.oauth;

/** The format of the body of a token request. */
public enum RequestFormat {
    /** {@code application/x-www-form-urlencoded}, as RFC 6749 requires. */
    FORM,
    /** A JSON object, which some servers require. */
    JSON
}
