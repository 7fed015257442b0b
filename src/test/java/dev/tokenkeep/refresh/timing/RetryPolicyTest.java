package dev.tokenkeep.refresh.timing;

import static dev.tokenkeep.refresh.timing.TestClaims.CLAIMED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final Instant NOW = CLAIMED_AT.plusSeconds(5);
    private static final ClientRegistration NONE = TestClientRegistrations.with(Map.of("rotation", "none"));
    private static final ClientRegistration STRICT = TestClientRegistrations.with(Map.of("rotation", "strict"));
    private static final ClientRegistration LEEWAY =
            TestClientRegistrations.with(Map.of("rotation", "leeway", "rotation-leeway", "30s"));

    /** Half of every back-off's ceiling. */
    private final RetryPolicy policy = new RetryPolicy(
            new Backoff(Duration.ofMinutes(1), () -> 0.5), new RefreshTimeouts(TestRefreshConfig.with(Map.of())));

    @Test
    @DisplayName("D: a refusal backs off, longer with every failure")
    void aRefusalBacksOff() {
        assertThat(policy.afterRefusal(TestClaims.failedBefore(0), null, NOW)).isEqualTo(NOW.plusMillis(500));
        assertThat(policy.afterRefusal(TestClaims.failedBefore(3), null, NOW)).isEqualTo(NOW.plusSeconds(4));
        assertThat(policy.afterRefusal(TestClaims.failedBefore(99), null, NOW)).isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    @DisplayName("B6: what the server asks for wins over the back-off")
    void retryAfterWins() {
        Duration asked = Duration.ofMinutes(7);
        assertThat(policy.afterRefusal(TestClaims.failedBefore(9), asked, NOW)).isEqualTo(NOW.plus(asked));
        assertThat(policy.afterUnknown(TestClaims.failedBefore(0), NONE, asked, NOW))
                .isEqualTo(NOW.plus(asked));
    }

    @Test
    @DisplayName("D: an unknown outcome without rotation is asked for again soon")
    void withoutRotationItIsAskedForAgain() {
        var claimed = TestClaims.sentBefore(CLAIMED_AT, NOW.plusSeconds(60));
        assertThat(policy.afterUnknown(claimed, NONE, null, NOW)).isEqualTo(NOW.plusMillis(500));
    }

    @Test
    @DisplayName("D: under strict rotation at once where a refresh has ended the access token anyway")
    void atOnceWhereNothingIsLeftToLose() {
        ClientRegistration ending =
                TestClientRegistrations.with(Map.of("rotation", "strict", "refresh-ends-access-token", "true"));
        Instant expiry = NOW.plusSeconds(600);
        assertThat(policy.afterUnknown(TestClaims.sentBefore(CLAIMED_AT, expiry), ending, null, NOW))
                .isBefore(expiry.minusSeconds(500));
    }

    @Test
    @DisplayName("D: under strict rotation not before the access token has expired")
    void underStrictRotationNotBeforeTheExpiry() {
        Instant expiry = NOW.plusSeconds(60);
        assertThat(policy.afterUnknown(TestClaims.sentBefore(CLAIMED_AT, expiry), STRICT, null, NOW))
                .isEqualTo(expiry);
        assertThat(policy.afterUnknown(TestClaims.sentBefore(CLAIMED_AT, NOW.minusSeconds(1)), STRICT, null, NOW))
                .isEqualTo(NOW.plusMillis(500));
        assertThat(policy.afterUnknown(TestClaims.sentBefore(CLAIMED_AT, null), STRICT, null, NOW))
                .isEqualTo(NOW.plusMillis(500));
    }

    @Test
    @DisplayName("D: inside the leeway soon; where that would be too late, not before the access token has expired")
    void insideTheLeewaySoon() {
        Instant expiry = NOW.plusSeconds(600);
        // 30 s, less a second between the clocks, less the hard cap: 24 s after the first send.
        Instant last = NOW.plusMillis(500).minusSeconds(24);
        assertThat(policy.afterUnknown(TestClaims.sentBefore(last.plusMillis(1), expiry), LEEWAY, null, NOW))
                .isEqualTo(NOW.plusMillis(500));
        assertThat(policy.afterUnknown(TestClaims.sentBefore(last, expiry), LEEWAY, null, NOW))
                .isEqualTo(expiry);
    }

    @Test
    @DisplayName("B3: a back-off beyond the leeway is cut to its last quarter, but what the server asks for is not")
    void aBackOffBeyondTheLeewayLeavesALastChance() {
        Instant expiry = NOW.plusSeconds(600);
        // The back-off is 30 s, the leeway's use 24 s, of which 18 s are three quarters.
        var young = TestClaims.sentBefore(99, NOW.minusSeconds(10), expiry);
        assertThat(policy.afterUnknown(young, LEEWAY, null, NOW)).isEqualTo(NOW.plusSeconds(8));
        assertThat(policy.afterUnknown(young, LEEWAY, Duration.ofSeconds(30), NOW))
                .isEqualTo(expiry);
        var old = TestClaims.sentBefore(99, NOW.minusSeconds(18), expiry);
        assertThat(policy.afterUnknown(old, LEEWAY, null, NOW)).isEqualTo(expiry);
    }
}
