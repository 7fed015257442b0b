package dev.tokenkeep.session;

/**
 * How many due sessions of a registration a claim may take.
 *
 * @param most of all kinds
 * @param retries of these, how many may have failed since their last success
 * @param proven whether retries have succeeded lately, so that they may spend the rate budget as others do
 * @param probe whether a session that has been refreshed before is looked for first
 */
public record DueTerms(ClaimTerms terms, int most, int retries, boolean proven, boolean probe) {

    public DueTerms with(ClaimTerms others) {
        return new DueTerms(others, most, retries, proven, probe);
    }

    /** No more than the budget allows. */
    DueTerms within(BudgetShares.Allowance allowance) {
        int some = Math.min(most, allowance.requests());
        return new DueTerms(terms, some, Math.min(Math.min(retries, some), allowance.retries()), proven, probe);
    }
}
