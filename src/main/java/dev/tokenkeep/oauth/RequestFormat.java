package dev.tokenkeep.oauth;

/** What the body of a token request is. */
public enum RequestFormat {
    /** {@code application/x-www-form-urlencoded}, as RFC 6749 has it. */
    FORM,
    /** A JSON object, which some servers insist on. */
    JSON
}
