package dev.tokenkeep.session;

/**
 * How many due sessions of a registration a claim may take.
 *
 * @param most of all kinds
 * @param retries of these, how many may have failed since their last success
 * @param proven whether retries have succeeded lately, so that they may spend the rate budget as others do
 * @param probe whether a session that has been refreshed before is looked for first
 * @param lastChancesOnly whether nothing is taken but what may be sent now or never
 */
public record DueTerms(
        ClaimTerms terms, int most, int retries, boolean proven, boolean probe, boolean lastChancesOnly) {

    public DueTerms with(ClaimTerms others) {
        return new DueTerms(others, most, retries, proven, probe, lastChancesOnly);
    }

    /** No more than so many of them. */
    public DueTerms within(int requests, int fewerRetries) {
        int some = Math.min(most, requests);
        return new DueTerms(
                terms, some, Math.min(Math.min(retries, some), fewerRetries), proven, probe, lastChancesOnly);
    }
}
