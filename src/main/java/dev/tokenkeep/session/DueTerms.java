package dev.tokenkeep.session;

/**
 * How many due sessions of a registration a claim may take.
 *
 * @param most the maximum of all kinds together
 * @param retries how many of them may have failed since their last success
 * @param proven whether retries have succeeded recently, so that they may spend the rate budget like others
 * @param probe whether to take sessions first that have been refreshed before
 * @param lastChancesOnly whether to take only sessions that can be sent now or never
 */
public record DueTerms(
        ClaimTerms terms, int most, int retries, boolean proven, boolean probe, boolean lastChancesOnly) {

    public DueTerms with(ClaimTerms others) {
        return new DueTerms(others, most, retries, proven, probe, lastChancesOnly);
    }

    /** Limits these terms to so many requests and retries. */
    public DueTerms within(int requests, int fewerRetries) {
        int some = Math.min(most, requests);
        return new DueTerms(
                terms, some, Math.min(Math.min(retries, some), fewerRetries), proven, probe, lastChancesOnly);
    }
}
