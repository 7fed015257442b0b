package dev.tokenkeep.refresh.timing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.ClaimTerms.Unknown;
import dev.tokenkeep.settings.RateLimit;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefreshTimeoutsTest {

    private final RefreshTimeouts limits = new RefreshTimeouts(TestRefreshConfig.with(Map.of()));

    @Test
    void aRegistrationHasTheDefaultsUnlessItHasItsOwn() {
        ClientRegistration plain = TestClientRegistrations.with(Map.of());
        assertThat(limits.timeout(plain)).isEqualTo(Duration.ofSeconds(4));
        assertThat(limits.hardCap(plain)).isEqualTo(Duration.ofSeconds(60));
        ClientRegistration slow = TestClientRegistrations.with(Map.of("timeout", "10s", "hard-cap", "20s"));
        assertThat(limits.timeout(slow)).isEqualTo(Duration.ofSeconds(10));
        assertThat(limits.hardCap(slow)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aReaderDoesNotWaitLongerThanTheRequestMayTake() {
        assertThat(limits.timeout(TestClientRegistrations.with(Map.of("hard-cap", "1s"))))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whatAnUnknownOutcomeComesToFollowsFromTheRotation() {
        assertThat(terms(Map.of("rotation", "none"))).isEqualTo(Unknown.RETRY);
        assertThat(terms(Map.of("rotation", "strict", "refresh-ends-access-token", "true")))
                .isEqualTo(Unknown.RETRY);
        assertThat(terms(Map.of("rotation", "strict"))).isEqualTo(Unknown.WAIT_FOR_EXPIRY);
        assertThat(terms(Map.of("rotation", "leeway", "rotation-leeway", "30s")))
                .isEqualTo(Unknown.RETRY_WITHIN);
        assertThat(terms(Map.of("rotation", "leeway", "rotation-leeway", "6s")))
                .as("no time for an answer")
                .isEqualTo(Unknown.WAIT_FOR_EXPIRY);
    }

    @Test
    void theRetryWindowLeavesTimeForTheAnswerAndForTwoClocks() {
        assertThat(limits.retryWindow(
                        TestClientRegistrations.with(Map.of("rotation", "leeway", "rotation-leeway", "30s"))))
                .isEqualTo(Duration.ofSeconds(24));
        assertThat(limits.retryWindow(
                        TestClientRegistrations.with(Map.of("rotation", "leeway", "rotation-leeway", "2s"))))
                .isZero();
    }

    @Test
    void aTenthOfABudgetMayBeSpentAtOnce() {
        assertThat(RefreshTimeouts.budget(new RateLimit(100, Duration.ofSeconds(91))))
                .isEqualTo(new Budget(Duration.ofSeconds(1), 10));
        assertThat(RefreshTimeouts.budget(new RateLimit(1, Duration.ofMinutes(1))))
                .isEqualTo(new Budget(Duration.ofMinutes(1), 1));
        assertThat(RefreshTimeouts.budget(new RateLimit(3, Duration.ofSeconds(1)))
                        .spacing())
                .as("rounded to the slow side")
                .isEqualTo(Duration.ofNanos(333_334_000));
        assertThat(RefreshTimeouts.budget(null)).isNull();
    }

    private Unknown terms(Map<String, String> settings) {
        return limits.claimTerms(TestClientRegistrations.with(settings)).unknown();
    }
}
