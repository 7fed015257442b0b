package dev.tokenkeep.session;

/** Failure codes of a session that do not come from an authorization server. */
public final class FailureCode {

    /** The refresh token may have been spent, and nobody has the tokens that were issued for it. */
    public static final String OUTCOME_UNKNOWN = "outcome_unknown";

    /** The new tokens belong to another subject. */
    public static final String OTHER_SUBJECT = "other_subject";

    private FailureCode() {}
}
