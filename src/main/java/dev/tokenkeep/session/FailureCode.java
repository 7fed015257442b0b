package dev.tokenkeep.session;

/** Failure codes of a session that do not come from an authorization server. */
public final class FailureCode {

    /** The refresh token may have been spent, and nobody has the tokens that were issued for it. */
    public static final String OUTCOME_UNKNOWN = "outcome_unknown";

    /** The new tokens belong to another subject. */
    public static final String OTHER_SUBJECT = "other_subject";

    /** The access token has expired, and the session has no refresh token. */
    public static final String ACCESS_TOKEN_EXPIRED = "access_token_expired";

    /** A new access token is wanted before the present one expires, and the session has no refresh token. */
    public static final String NO_REFRESH_TOKEN = "no_refresh_token";

    /** The authorization server returned no refresh token, and the session needs one. */
    public static final String REFRESH_TOKEN_MISSING = "refresh_token_missing";

    /** While the tokens were on their way, the registration was removed or given to another client. */
    public static final String REGISTRATION_GONE = "registration_gone";

    private FailureCode() {}
}
