package dev.tokenkeep.proofs;

/** What a caller says of a request cannot be in a proof. The message quotes nothing. */
public final class InvalidProofRequest extends IllegalArgumentException {

    private final String member;

    InvalidProofRequest(String member, String fault) {
        super(member + ": " + fault);
        this.member = member;
    }

    /** Returns the name of the invalid member. */
    public String member() {
        return member;
    }
}
