package dev.tokenkeep.session;

/** Failure codes of a session that no authorization server has told. */
public final class FailureCode {

    /** The refresh token may have been spent, and nobody has what it was exchanged for. */
    public static final String OUTCOME_UNKNOWN = "outcome_unknown";

    /** The new tokens are somebody else's. */
    public static final String OTHER_SUBJECT = "other_subject";

    private FailureCode() {}
}
