package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.oauth.TokenResult.Unknown;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenResponseParserTest {

    @Test
    @DisplayName("A4: a new refresh token is taken from the answer")
    void readsEveryMemberOfASuccess() {
        TokenResponse response = tokens("""
                {"access_token":"at-1","token_type":"Bearer","expires_in":3600,"refresh_token":"rt-2",
                 "refresh_expires_in":1800,"scope":"openid email","id_token":"a.b.c","session_state":"x"}""");

        assertThat(response)
                .isEqualTo(new TokenResponse(
                        Secret.of("at-1"),
                        "Bearer",
                        AccessTokenExpiry.in(Duration.ofHours(1)),
                        Secret.of("rt-2"),
                        Duration.ofMinutes(30),
                        "openid email",
                        Secret.of("a.b.c")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"refresh_token\":\"\"", ",\"refresh_token\":null"})
    @DisplayName("A4: an answer without a refresh token, or with an empty one, brings no new one")
    void takesAnAbsentOrEmptyRefreshTokenForNoNewOne(String member) {
        assertThat(tokens("{\"access_token\":\"at\"" + member + "}").refreshToken())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "never",
            value = {
                "refresh_expires_in, 1800, PT30M",
                "refresh_expires_in, 0, never",
                "refresh_token_expires_in, 1800, PT30M",
                "refresh_token_expires_in, '\"1800\"', PT30M",
                "x_refresh_token_expires_in, 8726400, PT2424H"
            })
    @DisplayName("C: the refresh token's lifetime by each of its names")
    void readsTheRefreshTokensLifetimeByEachOfItsNames(String name, String value, Duration expected) {
        assertThat(tokens("{\"access_token\":\"at\",\"" + name + "\":" + value + "}")
                        .refreshTokenExpiresIn())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bearer", "BEARER", "Bearer", "DPoP", "dpop"})
    @DisplayName("A5, A11: bearer and DPoP in any case")
    void tokenTypesAreCaseInsensitive(String type) {
        assertThat(tokens("{\"access_token\":\"at\",\"token_type\":\"" + type + "\"}")
                        .tokenType())
                .isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mac", "N_A"})
    @DisplayName("A5: a token of another type is not used, its refresh token kept")
    void keepsTheRefreshTokenOfAnAnswerWhoseAccessTokenCanNotBeUsed(String type) {
        TokenResponse response =
                tokens("{\"access_token\":\"at\",\"refresh_token\":\"rt\",\"token_type\":\"" + type + "\"}");

        assertThat(response.accessToken()).isNull();
        assertThat(response.tokenType()).isNull();
        assertThat(response.refreshToken()).isEqualTo(Secret.of("rt"));
    }

    @ParameterizedTest
    @CsvSource({"'repo,gist', 'repo gist'", "'openid email', 'openid email'", "'a,b c', 'a,b c'"})
    @DisplayName("A5, C: the granted scope is kept, with spaces where there were commas")
    void separatesScopesBySpaces(String answered, String kept) {
        assertThat(tokens("{\"access_token\":\"at\",\"scope\":\"" + answered + "\"}")
                        .scope())
                .isEqualTo(kept);
    }

    @Test
    void leavesOutAScopeThatCouldNotBeStored() {
        assertThat(tokens("{\"access_token\":\"at\",\"scope\":\"a\\ud83db\"}").scope())
                .isNull();
        assertThat(tokens("{\"access_token\":\"at\",\"scope\":\"a\\u0000b\"}").scope())
                .isNull();
    }

    @Test
    @DisplayName("C: a form-encoded answer")
    void readsAFormToo() {
        TokenResponse response =
                tokens("access_token=gho%2B1&expires_in=28800&refresh_token=ghr_2&scope=repo%2Cgist&token_type=bearer");

        assertThat(response.accessToken()).isEqualTo(Secret.of("gho+1"));
        assertThat(response.refreshToken()).isEqualTo(Secret.of("ghr_2"));
        assertThat(response.expiry()).isEqualTo(AccessTokenExpiry.in(Duration.ofHours(8)));
        assertThat(response.scope()).isEqualTo("repo gist");
    }

    @Test
    @DisplayName("C: a form-encoded answer as text/plain")
    void readsAFormWhateverItsContentTypeClaims() {
        for (String contentType : new String[] {null, "", "text/plain", "application/json", "no content type"}) {
            assertThat(TokenResponseParser.outcome(
                            ResponseShape.STANDARD, 200, contentType, null, bytes("access_token=at&expires_in=1")))
                    .isInstanceOf(Refreshed.class);
        }
    }

    @Test
    @DisplayName("C: a page that quotes an error is none")
    void takesNoErrorFromAPageThatQuotesOne() {
        assertThat(TokenResponseParser.outcome(
                        ResponseShape.STANDARD,
                        500,
                        null,
                        null,
                        bytes("<html><a href='/?x=1&error=invalid_grant&y=2'>back</a></html>")))
                .isEqualTo(new Unknown("http_500", null));
    }

    @Test
    @DisplayName("C: JSON after a byte order mark")
    void readsJsonAfterAByteOrderMark() {
        assertThat(tokens("\uFEFF {\"access_token\":\"at\"}").accessToken()).isEqualTo(Secret.of("at"));
    }

    @Test
    @DisplayName("B1: Auth0's sample answer has neither a refresh token nor an ID token")
    void readsAuth0sSampleAnswer() {
        assertThat(tokens("{\"access_token\":\"eyJ...MoQ\",\"expires_in\":86400,\"scope\":\"openid offline_access\","
                        + "\"token_type\":\"Bearer\"}"))
                .isEqualTo(new TokenResponse(
                        Secret.of("eyJ...MoQ"),
                        "Bearer",
                        AccessTokenExpiry.in(Duration.ofDays(1)),
                        null,
                        null,
                        "openid offline_access",
                        null));
    }

    @Test
    @DisplayName("B2: Auth0's 403 ends the grant")
    void auth0TellsADeadGrantByA403() {
        assertThat(
                        outcome(
                                403,
                                null,
                                bytes(
                                        "{\"error\":\"invalid_grant\",\"error_description\":\"Unknown or invalid refresh token.\"}")))
                .isEqualTo(new Refused(FailureClass.GRANT_DEAD, "invalid_grant", null));
    }

    @Test
    @DisplayName("B8: access_denied and unauthorized_client are no session's own fault")
    void auth0TellsABadClientInTwoWays() {
        assertThat(outcome(403, null, error("access_denied")))
                .isEqualTo(new Refused(FailureClass.ACCESS_DENIED, "access_denied", null));
        assertThat(outcome(403, null, error("unauthorized_client")))
                .isEqualTo(new Refused(FailureClass.REGISTRATION_WRONG, "unauthorized_client", null));
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_grant, GRANT_DEAD",
        "401, invalid_grant, GRANT_DEAD",
        "403, invalid_grant, GRANT_DEAD",
        "500, invalid_grant, GRANT_DEAD",
        "200, bad_refresh_token, GRANT_DEAD",
        "400, invalid_scope, REQUEST_WRONG",
        "400, invalid_target, REQUEST_WRONG",
        "400, invalid_request, REQUEST_WRONG",
        "400, something_of_its_own, REQUEST_WRONG",
        "400, invalid_client, REGISTRATION_WRONG",
        "401, invalid_client, REGISTRATION_WRONG",
        "403, unauthorized_client, REGISTRATION_WRONG",
        "400, unsupported_grant_type, REGISTRATION_WRONG",
        "403, access_denied, ACCESS_DENIED",
        "403, mfa_required, USER_ACTION",
        "400, interaction_required, USER_ACTION",
        "400, consent_required, USER_ACTION",
        "400, login_required, USER_ACTION",
        "503, temporarily_unavailable, TRANSIENT",
        "400, temporarily_unavailable, TRANSIENT",
        "429, too_many_requests, TRANSIENT",
        "429, something_of_its_own, TRANSIENT",
        "503, server_error, TRANSIENT"
    })
    @DisplayName("A3, B2, B8, D: an error code means the same under any status")
    void classifiesByTheErrorCodeNotByTheStatus(int status, String error, FailureClass expected) {
        assertThat(outcome(status, null, error(error))).isEqualTo(new Refused(expected, error, null));
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"ok\":false,\"error\":\"invalid_refresh_token\"}', invalid_refresh_token",
        "'{\"status\":\"BAD_REFRESH_TOKEN\",\"message\":\"unknown\"}', BAD_REFRESH_TOKEN",
        "'error=bad_refresh_token&error_description=expired', bad_refresh_token"
    })
    @DisplayName("C: a 200 whose body is an error")
    void findsTheErrorInASuccessfulAnswer(String body, String code) {
        assertThat(outcome(200, null, bytes(body))).isEqualTo(new Refused(FailureClass.GRANT_DEAD, code, null));
    }

    @Test
    @DisplayName("C: Entra's throttling told as invalid_grant")
    void takesThrottlingThatIsToldAsInvalidGrantForWhatItIs() {
        assertThat(outcome(
                        400,
                        null,
                        bytes("{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50196: loop detected\"}")))
                .isEqualTo(new Refused(FailureClass.TRANSIENT, "AADSTS50196", null));
    }

    @ParameterizedTest
    @CsvSource({
        "500, '{\"error\":\"server_error\"}', server_error",
        "502, '{\"error\":\"oops\"}', oops",
        "500, '', http_500",
        "502, '<html>Bad Gateway</html>', http_502",
        "503, 'upstream connect error', http_503",
        "504, '', http_504",
        "302, '', redirected",
        "307, '{\"access_token\":\"at\"}', redirected",
        "200, '', unreadable_response",
        "200, 'an error=invalid_grant&error=invalid_grant%', unreadable_response",
        "200, '{\"access_token\":', unreadable_response",
        "200, '{\"access_token\":\"\"}', unreadable_response",
        "200, '[]', unreadable_response",
        "204, '', unreadable_response"
    })
    @DisplayName("D: any other server error and an unreadable answer are ambiguous")
    void doesNotGuessWhatAnUnclearAnswerMeans(int status, String body, String code) {
        assertThat(outcome(status, null, bytes(body))).isEqualTo(new Unknown(code, null));
    }

    @Test
    @DisplayName("D: 429, and 503 with Retry-After, are transient")
    void anUnavailableServerThatSaysWhenToComeBackHasNotSpentTheRefreshToken() {
        Duration retryAfter = Duration.ofSeconds(30);

        assertThat(outcome(503, retryAfter, bytes("")))
                .isEqualTo(new Refused(FailureClass.TRANSIENT, "http_503", retryAfter));
        assertThat(outcome(429, retryAfter, bytes("slow down")))
                .isEqualTo(new Refused(FailureClass.TRANSIENT, "http_429", retryAfter));
        assertThat(outcome(429, null, bytes(""))).isEqualTo(new Refused(FailureClass.TRANSIENT, "http_429", null));
        assertThat(outcome(502, retryAfter, bytes(""))).isEqualTo(new Unknown("http_502", retryAfter));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404})
    void aRefusalWithoutAnErrorCodeEndsNoSession(int status) {
        assertThat(outcome(status, null, bytes("<html>blocked</html>"))).isEqualTo(new Unknown("http_" + status, null));
    }

    @Test
    void keepsTokensThatComeWithAnError() {
        assertThat(outcome(200, null, bytes("{\"access_token\":\"at\",\"error\":\"\"}")))
                .isInstanceOf(Refreshed.class);
        assertThat(outcome(200, null, bytes("{\"access_token\":\"at\",\"error\":\"warning\"}")))
                .isInstanceOf(Refreshed.class);
        assertThat(outcome(400, null, bytes("{\"access_token\":\"at\",\"error\":\"invalid_grant\"}")))
                .isEqualTo(new Refused(FailureClass.GRANT_DEAD, "invalid_grant", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "line\\nbreak", "<script>", "\\u0000", "ünknown"})
    void doesNotPassOnAnErrorCodeThatIsNoneByItsCharacters(String error) {
        assertThat(outcome(400, null, error(error)).code()).isEqualTo("unreadable_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tGzv3JOkF0XG5Qx2TlKWIA",
                "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
                "d3b07384d113edec49eaa6238ad5ff00",
                "0c1a6b1e-5f7e-4f0a-9d53-2b1f0f5c9d11",
                "AbCdEfGhIjKlMnOpQrStUvWx"
            })
    void doesNotPassOnATokenThatIsAnsweredAsAnErrorCode(String token) {
        assertThat(outcome(400, null, error(token)).code()).isEqualTo("unreadable_error");
    }

    @Test
    void doesNotPassOnAnEndlessErrorCode() {
        assertThat(outcome(400, null, error("x".repeat(64))).code()).isEqualTo("x".repeat(64));
        assertThat(outcome(400, null, error("x".repeat(65))).code()).isEqualTo("unreadable_error");
    }

    @Test
    @DisplayName("B7: mfa_required needs the user, and its mfa_token is nowhere")
    void keepsNothingOfAnErrorButItsCode() {
        TokenResult outcome = outcome(
                403,
                null,
                bytes("{\"error\":\"mfa_required\",\"error_description\":\"of anna\",\"mfa_token\":\"m-1\"}"));

        assertThat(outcome).isEqualTo(new Refused(FailureClass.USER_ACTION, "mfa_required", null));
        assertThat(outcome.toString()).doesNotContain("anna", "m-1");
    }

    @Test
    void printsNoToken() {
        assertThat(outcome(
                                200,
                                null,
                                bytes("{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\",\"id_token\":\"id-1\"}"))
                        .toString())
                .doesNotContain("at-1", "rt-1", "id-1");
    }

    private static TokenResult outcome(int status, Duration retryAfter, byte[] body) {
        return TokenResponseParser.outcome(ResponseShape.STANDARD, status, "application/json", retryAfter, body);
    }

    private static TokenResponse tokens(String body) {
        TokenResult outcome = outcome(200, null, bytes(body));
        assertThat(outcome).isInstanceOf(Refreshed.class);
        return ((Refreshed) outcome).response();
    }

    private static byte[] error(String code) {
        return bytes("{\"error\":\"" + code + "\",\"error_description\":\"told in words\"}");
    }

    private static byte[] bytes(String body) {
        return body.getBytes(UTF_8);
    }
}
