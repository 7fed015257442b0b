package dev.tokenkeep.authorizationserver;

/**
 * Permits for the job.
 *
 * @param permits how many sessions may be claimed
 * @param retries how many of them may have failed before
 * @param probe whether the one session that may be claimed tests the authorization server
 * @param lastChancesOnly whether only sessions at their last chance may be claimed
 */
public record JobPermits(int permits, int retries, boolean probe, boolean lastChancesOnly) {

    static final JobPermits NONE = new JobPermits(0, 0, false, false);
}
