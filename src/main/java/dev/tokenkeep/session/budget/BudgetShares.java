package dev.tokenkeep.session.budget;

import dev.tokenkeep.session.ClaimTerms.Budget;

/**
 * How a rate budget is shared. Readers may spend all of it. The job leaves some for readers, and retries leave some for
 * the job (CONFORMANCE L4, L6). Retries have a tenth of the rate for themselves, so that they do not starve.
 */
final class BudgetShares {

    /** A tenth. */
    static final int RETRIES_PART = 10;

    private BudgetShares() {}

    /**
     * What may be spent now.
     *
     * @param requests the maximum in all
     * @param retries how many of them may be retries
     */
    record Allowance(int requests, int retries) {}

    /**
     * What was paid in advance, in requests.
     *
     * @param retries in requests of the tenth that is reserved for retries
     */
    record Paid(double all, double retries) {

        static final Paid NOTHING = new Paid(0, 0);
    }

    static int ofReaders(Budget budget, Paid paid) {
        return (int) Math.max(0, Math.floor(budget.burst() - paid.all()));
    }

    /** @param proven whether retries have succeeded recently; then they count like other refreshes */
    static Allowance ofJob(Budget budget, Paid paid, boolean proven) {
        int forReaders = part(budget.burst());
        int requests = Math.max(0, ofReaders(budget, paid) - forReaders);
        if (proven) {
            return new Allowance(requests, requests);
        }
        int leftOver = requests - Math.max(1, part(budget.burst() - forReaders));
        int own = (int) Math.floor(burstOfRetries(budget) - paid.retries());
        return new Allowance(requests, Math.min(requests, Math.max(0, Math.max(leftOver, own))));
    }

    /** What is left beyond the shares of readers and of the job: a caller may send as many as it likes. */
    static int ofGrants(Budget budget, Paid paid) {
        int forReaders = part(budget.burst());
        int forJob = part(budget.burst() - forReaders);
        return Math.max(0, ofReaders(budget, paid) - forReaders - forJob);
    }

    /** Returns what is left for those with priority: a third, if there is more than one. */
    private static int part(int burst) {
        return burst < 2 ? 0 : Math.max(1, burst / 3);
    }

    static int burstOfRetries(Budget budget) {
        return Math.max(1, budget.burst() / RETRIES_PART);
    }
}
