package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.oauth.TokenResult.Unknown;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONFORMANCE D, signal by signal, under every status that a server could choose for it. */
class FailureClassesTest {

    private static final int[] STATUSES = {200, 400, 401, 403, 429, 500, 502, 503};

    @ParameterizedTest
    @ValueSource(strings = {"invalid_grant", "bad_refresh_token", "BAD_REFRESH_TOKEN", "invalid_refresh_token"})
    @DisplayName("D: the grant is dead")
    void theGrantIsDead(String error) {
        classified(error, FailureClass.GRANT_DEAD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid_scope", "invalid_target"})
    @DisplayName("D: the request is wrong, the session lives")
    void theRequestIsWrong(String error) {
        classified(error, FailureClass.REQUEST_WRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid_client", "unauthorized_client", "unsupported_grant_type"})
    @DisplayName("A3, D: the registration is wrong, every session lives")
    void theRegistrationIsWrong(String error) {
        classified(error, FailureClass.REGISTRATION_WRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = "access_denied")
    @DisplayName("B8, D: access_denied may be one session's denial or a registration's fault")
    void accessIsDenied(String error) {
        classified(error, FailureClass.ACCESS_DENIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mfa_required", "interaction_required", "consent_required", "login_required"})
    @DisplayName("B7, D: the user must act")
    void theUserMustAct(String error) {
        classified(error, FailureClass.USER_ACTION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"temporarily_unavailable", "too_many_requests", "slow_down", "rate_limited"})
    @DisplayName("D: transient by its error code")
    void transientByItsCode(String error) {
        classified(error, FailureClass.TRANSIENT);
    }

    @ParameterizedTest
    @CsvSource({
        "429, '', , http_429",
        "429, '', 30, http_429",
        "429, '{\"error\":\"of_its_own\"}', , of_its_own",
        "503, '', 30, http_503",
        "503, '{\"error\":\"server_error\"}', , server_error"
    })
    @DisplayName("D: transient by its status")
    void transientByItsStatus(int status, String body, Long seconds, String code) {
        Duration retryAfter = seconds == null ? null : Duration.ofSeconds(seconds);

        assertThat(outcome(status, retryAfter, body)).isEqualTo(new Refused(FailureClass.TRANSIENT, code, retryAfter));
    }

    @ParameterizedTest
    @CsvSource({
        "500, '', http_500",
        "500, '{\"error\":\"server_error\"}', server_error",
        "502, '<html>Bad Gateway</html>', http_502",
        "503, 'upstream reset', http_503",
        "504, '', http_504",
        "200, '', unreadable_response",
        "200, '{\"access_token\":\"at\",', unreadable_response",
        "200, '<html>Welcome</html>', unreadable_response"
    })
    @DisplayName("D: ambiguous")
    void ambiguous(int status, String body, String code) {
        assertThat(outcome(status, null, body)).isEqualTo(new Unknown(code, null));
    }

    private static void classified(String error, FailureClass expected) {
        for (int status : STATUSES) {
            assertThat(outcome(status, null, "{\"error\":\"" + error + "\"}"))
                    .describedAs("under status %d", status)
                    .isEqualTo(new Refused(expected, error, null));
        }
    }

    private static TokenResult outcome(int status, Duration retryAfter, String body) {
        return TokenResponseParser.outcome(ResponseShape.STANDARD, status, null, retryAfter, body.getBytes(UTF_8));
    }
}
