package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitHeadersTest {

    /** 1445412480 seconds since 1970. */
    private static final String DATE = "Wed, 21 Oct 2015 07:28:00 GMT";

    @ParameterizedTest
    @CsvSource({
        "X-RateLimit-Reset, 1445412510, PT30S",
        "x-ratelimit-reset, 1445412510, PT30S",
        "X-Rate-Limit-Reset, 1445412510, PT30S",
        "X-RateLimit-Reset, 1445412510500, PT30.5S",
        "X-RateLimit-Reset, ' 1445412510 ', PT30S",
        "X-RateLimit-Reset, 1445412400, PT0S",
        "X-RateLimit-Reset, 1445499000, PT1H",
        "X-RateLimit-Reset, 999999999999999999, PT1H"
    })
    @DisplayName("B6: a reset told as a moment is reckoned by the clock of whoever wrote it")
    void reckonsAMomentByTheAnswersOwnDate(String name, String value, Duration expected) {
        assertThat(wait(429, Map.of(name, value, "Date", DATE))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "X-RateLimit-Reset, 30, PT30S",
        "RateLimit-Reset, 30, PT30S",
        "ratelimit-reset, 0, PT0S",
        "RateLimit-Reset, 86400, PT1H",
        "RateLimit-Reset, 999999999, PT1H"
    })
    @DisplayName("B6: a reset told in seconds needs no date")
    void takesASmallNumberForSecondsToWait(String name, String value, Duration expected) {
        assertThat(wait(429, Map.of(name, value))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RateLimit | \"default\";r=0;t=30 | PT30S",
                "RateLimit | \"a\";r=5;t=600, \"b\";r=0;t=30 | PT30S",
                "RateLimit | \"a\";r=0;t=30, \"b\";r=0;t=600 | PT10M",
                "RateLimit | default; r = 0; t = 30 | PT30S",
                "RateLimit | limit=10, remaining=0, reset=30 | PT30S",
                "Auth0-Client-Quota-Limit | b=per_hour;q=100;r=0;t=924,b=per_day;q=1000;r=950;t=86400 | PT15M24S",
                "Auth0-Client-Quota-Limit | b=per_day;q=1000;r=0;t=86400 | PT1H",
                "Auth0-Organization-Quota-Limit | b=per_hour;q=2;r=0;t=60 | PT1M"
            })
    @DisplayName("B6: of the quotas in one header those count that are used up")
    void readsTheQuotaThatIsUsedUp(String name, String value, Duration expected) {
        assertThat(wait(429, Map.of(name, value))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-RateLimit-Reset | soon",
                "X-RateLimit-Reset | -5",
                "X-RateLimit-Reset | 1.5",
                "X-RateLimit-Reset | 9999999999999999999",
                "X-RateLimit-Reset | 2026-10-21T07:28:00Z",
                "X-RateLimit-Reset | 1445412510",
                "RateLimit | \"default\";r=1;t=30",
                "RateLimit | \"default\";r=0",
                "RateLimit | \"default\";t=30",
                "RateLimit | \"default\";r=0;t=-30",
                "RateLimit | \"default\";r=0.5;t=30",
                "RateLimit | ;,;,",
                "X-RateLimit-Limit | 30"
            })
    void ignoresWhatTellsNoWait(String name, String value) {
        assertThat(wait(429, Map.of(name, value))).isNull();
    }

    @Test
    @DisplayName("B6: Retry-After goes before every other header")
    void prefersRetryAfter() {
        assertThat(wait(429, Map.of("Retry-After", "5", "X-RateLimit-Reset", "30")))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(wait(429, Map.of("Retry-After", "soon", "X-RateLimit-Reset", "30")))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(wait(503, Map.of("Retry-After", "5"))).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void leavesOutAWindowThatHasSomethingLeft() {
        assertThat(wait(
                        429,
                        Map.of(
                                "X-RateLimit-Remaining", "499",
                                "X-RateLimit-Reset", "5",
                                "Auth0-Client-Quota-Limit", "b=per_hour;q=100;r=0;t=60")))
                .isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 401, 500, 502, 503})
    void takesNoOtherAnswerForThrottling(int status) {
        assertThat(wait(status, Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "30")))
                .isNull();
    }

    @Test
    void aForbiddenAnswerIsThrottlingOnlyIfTheWindowIsUsedUp() {
        assertThat(wait(403, Map.of("X-RateLimit-Reset", "30"))).isNull();
        assertThat(wait(403, Map.of("X-RateLimit-Remaining", "7", "X-RateLimit-Reset", "30")))
                .isNull();
        assertThat(wait(403, Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "30")))
                .isEqualTo(Duration.ofSeconds(30));
    }

    private static Duration wait(int status, Map<String, String> headers) {
        var anyCase = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        return RetryAfter.of(status, anyCase::get);
    }
}
