package dev.tokenkeep.session.budget;

import dev.tokenkeep.session.ClaimTerms.Budget;

/**
 * Who may spend how much of a rate budget. Readers may spend all of it. The job leaves them some, and retries leave some to the
 * job (CONFORMANCE L4, L6). So that they are not starved in their turn, retries have a tenth of the rate that is theirs.
 */
final class BudgetShares {

    /** A tenth. */
    static final int RETRIES_PART = 10;

    private BudgetShares() {}

    /**
     * What may be spent now.
     *
     * @param requests in all
     * @param retries of these
     */
    record Allowance(int requests, int retries) {}

    /**
     * What was paid ahead, in requests.
     *
     * @param retries of the tenth that is theirs
     */
    record Paid(double all, double retries) {

        static final Paid NOTHING = new Paid(0, 0);
    }

    static int ofReaders(Budget budget, Paid paid) {
        return (int) Math.max(0, Math.floor(budget.burst() - paid.all()));
    }

    /** @param proven whether retries have succeeded lately: then they are as good as others */
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

    /** What is left to those who come first: a third, if there is more than one. */
    private static int part(int burst) {
        return burst < 2 ? 0 : Math.max(1, burst / 3);
    }

    static int burstOfRetries(Budget budget) {
        return Math.max(1, budget.burst() / RETRIES_PART);
    }
}
