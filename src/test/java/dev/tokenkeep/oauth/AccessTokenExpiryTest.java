package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTokenExpiryTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-10-21T07:28:00Z");
    private static final Duration YEAR = Duration.ofDays(365);

    @ParameterizedTest
    @CsvSource(
            nullValues = "unknown",
            value = {
                "3600, PT1H",
                "'\"3600\"', PT1H",
                "'\"3600.0\"', PT1H",
                "3599.9, PT59M59S",
                "0, PT0S",
                "-1, PT0S",
                "'\"-1\"', PT0S",
                "1e-999999999, PT0S",
                "null, unknown",
                "'\"soon\"', unknown",
                "'\"\"', unknown",
                "'{}', unknown",
                "true, unknown"
            })
    @DisplayName("C, E: expires_in as a number, a string or a decimal, 0, -1")
    void readsSecondsHoweverTheyAreSpelled(String json, Duration expected) {
        assertThat(told("{\"expires_in\":" + json + "}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1792571280, PT1H", "'\"1792571280\"', PT1H", "1792571280000, PT1H", "1792567670, PT0S"})
    @DisplayName("E: an expires_in that is a moment, in seconds or milliseconds, is read as one")
    void readsAMomentWhereSecondsAreMeant(String json, Duration expected) {
        assertThat(told("{\"expires_in\":" + json + "}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1099511627776", "1e300", "1000000000", "31536001", "9999999999999999"})
    @DisplayName("E: an expires_in beyond a year that is no moment either is a year, as 2^40 is")
    void nothingLivesLongerThanAYear(String number) {
        assertThat(told("{\"expires_in\":" + number + "}")).isEqualTo(YEAR);
        assertThat(expiry("{\"expires_in\":" + number + "}").isBeyondReason()).isTrue();
        assertThat(expiry("{\"expires_in\":31536000}").isBeyondReason()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "unknown",
            value = {
                "1792571280, PT1H",
                "1792571280000, PT1H",
                "'\"1792571280.5\"', PT1H",
                "'\"2026-10-21T08:28:00Z\"', PT1H",
                "'\"2026-10-21T10:28:00.000+02:00\"', PT1H",
                "'\"2026-10-21T07:00:00Z\"', PT0S",
                "'\"2199-01-01T00:00:00Z\"', PT8760H",
                "'\"tomorrow\"', unknown",
                "-5, unknown",
                "1e300, unknown",
                "[], unknown"
            })
    @DisplayName("E: without expires_in, expires_at since 1970 or in ISO 8601")
    void readsExpiresAt(String json, Duration expected) {
        assertThat(told("{\"expires_at\":" + json + "}")).isEqualTo(expected);
    }

    @Test
    @DisplayName("E: expires_in comes before expires_at in an answer, and after it in one that is passed on")
    void anAnswerThatIsPassedOnIsOfAnyAge() throws JsonProcessingException {
        String both = "{\"expires_in\":3600,\"expires_at\":1792567690}";
        assertThat(told(both)).isEqualTo(Duration.ofHours(1));
        assertThat(AccessTokenExpiry.ofLongAgo(JSON.readTree(both), null).lifetime(NOW))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(AccessTokenExpiry.ofLongAgo(JSON.readTree("{\"expires_in\":3600}"), null)
                        .lifetime(NOW))
                .isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @CsvSource({
        // The token's own end is nearer.
        "'{\"expires_in\":3600}', 20, PT20S",
        "'{}', 20, PT20S",
        "'{\"expires_at\":1792571280}', 20, PT20S",
        "'{\"expires_in\":3600000}', 3600, PT1H",
        "'{}', -5, PT0S",
        // It is not.
        "'{\"expires_in\":60}', 3600, PT1M",
        "'{\"expires_in\":3600}', 3599, PT1H"
    })
    @DisplayName("E: the token's own exp counts where it is nearer")
    void theTokensOwnEndCountsWhereItIsNearer(String json, long seconds, Duration expected)
            throws JsonProcessingException {
        Secret jwt = jwt("{\"exp\":" + NOW.plusSeconds(seconds).getEpochSecond() + "}");
        assertThat(AccessTokenExpiry.of(JSON.readTree(json), jwt).lifetime(NOW)).isEqualTo(expected);
    }

    @Test
    @DisplayName("E: moments are reckoned by the clock of the answer, however wrong ours or its is")
    void reckonsMomentsByTheAnswersOwnClock() throws JsonProcessingException {
        Instant fiveMinutesBehind = NOW.minusSeconds(300);
        Secret jwt = jwt("{\"exp\":" + NOW.minusSeconds(240).getEpochSecond() + "}");
        AccessTokenExpiry expiry = AccessTokenExpiry.of(JSON.readTree("{}"), jwt);
        assertThat(expiry.lifetime(NOW)).isZero();
        // A second less than a minute: a Date is of whole seconds.
        assertThat(expiry.writtenAt(fiveMinutesBehind).lifetime(NOW)).isEqualTo(Duration.ofSeconds(59));
    }

    @Test
    void nothingToldIsNothingKnown() throws JsonProcessingException {
        assertThat(AccessTokenExpiry.of(JSON.readTree("{}"), Secret.of("a.b.c")).lifetime(NOW))
                .isNull();
        assertThat(AccessTokenExpiry.of(JSON.readTree("{}"), jwt("{\"exp\":\"never\"}"))
                        .lifetime(NOW))
                .isNull();
        assertThat(AccessTokenExpiry.UNTOLD.lifetime(NOW)).isNull();
        assertThat(AccessTokenExpiry.in(Duration.ofMinutes(1)).lifetime(NOW)).isEqualTo(Duration.ofMinutes(1));
    }

    private static Duration told(String json) {
        return expiry(json).lifetime(NOW);
    }

    private static AccessTokenExpiry expiry(String json) {
        try {
            JsonNode answer = JSON.readTree(json);
            return AccessTokenExpiry.of(answer, Secret.of("opaque"));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Secret jwt(String claims) {
        return Secret.of(
                "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8)) + ".c2ln");
    }
}
