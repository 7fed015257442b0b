package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final String NOW = "Wed, 21 Oct 2026 07:28:00 GMT";

    @ParameterizedTest
    @CsvSource({"30, PT30S", "' 30 ', PT30S", "0, PT0S", "86400, PT1H", "999999999, PT1H"})
    @DisplayName("B6: Retry-After in seconds")
    void readsSeconds(String header, Duration expected) {
        assertThat(RetryAfter.parse(header, null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'Wed, 21 Oct 2026 07:28:30 GMT', PT30S",
        "'Wed, 21 Oct 2026 07:27:00 GMT', PT0S",
        "'Thu, 22 Oct 2026 07:28:00 GMT', PT1H"
    })
    @DisplayName("B6: Retry-After as a date")
    void reckonsADateByTheClockOfWhoWroteIt(String header, Duration expected) {
        assertThat(RetryAfter.parse(header, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1792567710, PT30S",
        "1792567710000, PT30S",
        "1792567600, PT0S",
        "1792667680, PT1H",
        "999999999999999999, PT1H"
    })
    @DisplayName("B6: Retry-After as a moment since 1970, which several servers send")
    void reckonsAMomentByTheClockOfWhoWroteIt(String header, Duration expected) {
        assertThat(RetryAfter.parse(header, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "9999999999999999999999", "2026-10-21T07:28:00Z"})
    void ignoresWhatMakesNoSense(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isNull();
    }

    @Test
    void ignoresADateWithoutAClockToReckonItBy() {
        assertThat(RetryAfter.parse(NOW, null)).isNull();
        assertThat(RetryAfter.parse("1792567710", null)).isNull();
        assertThat(RetryAfter.parse(NOW, "yesterday")).isNull();
        assertThat(RetryAfter.parse(null, NOW)).isNull();
    }
}
