package dev.tokenkeep.session.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.budget.BudgetShares.Allowance;
import dev.tokenkeep.session.budget.BudgetShares.Paid;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BudgetSharesTest {

    /** Sixty a minute. */
    private static final Budget BUDGET = new Budget(Duration.ofSeconds(1), 6);

    @Test
    @DisplayName("L6: readers may spend what the job leaves them")
    void theJobLeavesReadersSome() {
        assertThat(BudgetShares.ofReaders(BUDGET, Paid.NOTHING)).isEqualTo(6);
        assertThat(job(0, 0).requests()).isEqualTo(4);
        assertThat(BudgetShares.ofReaders(BUDGET, new Paid(4, 0))).isEqualTo(2);
        assertThat(job(4, 0)).isEqualTo(new Allowance(0, 0));
        assertThat(BudgetShares.ofReaders(BUDGET, new Paid(6.5, 0))).isZero();
    }

    @Test
    @DisplayName("L4: retries get what others leave, and a tenth that is theirs")
    void retriesGetWhatIsLeftAndATenth() {
        assertThat(job(0, 5).retries()).as("left over").isEqualTo(3);
        assertThat(job(3, 5)).as("nothing is left over").isEqualTo(new Allowance(1, 0));
        assertThat(job(3, 0)).as("what is theirs").isEqualTo(new Allowance(1, 1));
    }

    @Test
    @DisplayName("L4: after an outage, when retries succeed, they are as good as others")
    void retriesThatSucceedAreAsGoodAsOthers() {
        assertThat(BudgetShares.ofJob(BUDGET, new Paid(3, 5), true)).isEqualTo(new Allowance(1, 1));
    }

    @Test
    void aBudgetOfOneRequestAtOnceIsSharedByTheTenthAlone() {
        var one = new Budget(Duration.ofSeconds(10), 1);
        assertThat(BudgetShares.ofJob(one, Paid.NOTHING, false)).isEqualTo(new Allowance(1, 1));
        assertThat(BudgetShares.ofJob(one, new Paid(0, 0.5), false)).isEqualTo(new Allowance(1, 0));
    }

    @Test
    @DisplayName("L4: what callers send as often as they like takes nothing from sessions")
    void grantsGetWhatSessionsLeave() {
        assertThat(BudgetShares.ofGrants(BUDGET, Paid.NOTHING)).isEqualTo(3);
        assertThat(BudgetShares.ofGrants(BUDGET, new Paid(3, 0))).isZero();
        assertThat(job(3, 0).requests()).isEqualTo(1);
        for (int burst = 1; burst <= 4; burst++) {
            var small = new Budget(Duration.ofSeconds(10), burst);
            assertThat(BudgetShares.ofGrants(small, Paid.NOTHING)).isPositive();
        }
    }

    private static Allowance job(double paid, double retriesPaid) {
        return BudgetShares.ofJob(BUDGET, new Paid(paid, retriesPaid), false);
    }
}
