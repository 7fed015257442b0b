package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.oauth.TokenResult.Unknown;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that depart from the standard: by declaration, by their charset, or by malice. */
class ForeignAnswersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            nullValues = "unchanged",
            value = {
                "',' ! 'repo,gist' ! 'repo gist'",
                "',' ! 'repo, gist,' ! 'repo gist'",
                "',' ! 'repo' ! 'repo'",
                "',' ! 'read mail,gist' ! unchanged",
                "',' ! ',,' ! unchanged",
                "' ' ! 'a,b c' ! 'a,b c'",
                "' ' ! 'a,b' ! 'a,b'",
                "';' ! 'a,b;c' ! 'a,b c'",
                "'|' ! 'a|b' ! 'a b'",
                "'+' ! 'a+b' ! 'a b'"
            })
    @DisplayName("C: scopes are separated by what the registration says, and kept with spaces between them")
    void separatesScopesAsDeclared(String separator, String answered, String kept) {
        assertThat(tokens(
                                new ResponseShape(List.of(), separator),
                                "{\"access_token\":\"at\",\"scope\":\"" + answered + "\"}")
                        .scope())
                .isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "data ! {'access_token':'outer-at','data':{'access_token':'at','refresh_token':'rt','expires_in':60}}",
                "data ! {'expires_in':60,'refresh_token':'rt','data':{'access_token':'at','refresh_token':null}}",
                "data ! {'access_token':'at','refresh_token':'rt','expires_in':60}",
                "data ! {'access_token':'at','data':{'refresh_token':'rt','expires_in':60}}",
                "data ! {'access_token':'at','refresh_token':'rt','expires_in':60,'data':['rt-3']}",
                "a.b ! {'ok':true,'a':{'refresh_token':'no','b':{'access_token':'at','refresh_token':'rt','expires_in':60}}}"
            })
    @DisplayName("C: nested tokens are found, and what is not among them is taken from the top level")
    void readsNestedTokens(String path, String body) {
        TokenResponse response = tokens(nested(path), body.replace('\'', '"'));

        assertThat(response.accessToken()).isEqualTo(Secret.of("at"));
        assertThat(response.refreshToken()).isEqualTo(Secret.of("rt"));
        assertThat(response.expiry()).isEqualTo(AccessTokenExpiry.in(Duration.ofMinutes(1)));
    }

    @Test
    @DisplayName("C: another grant's tokens at the top level are not mixed with the nested ones")
    void borrowsNothingFromAnotherGrant() {
        TokenResponse response = tokens(nested("authed_user"), """
                {"ok":true,"access_token":"bot-at","refresh_token":"bot-rt","expires_in":60,
                 "authed_user":{"id":"U1","access_token":"at"}}""");

        assertThat(response)
                .isEqualTo(new TokenResponse(Secret.of("at"), null, AccessTokenExpiry.UNTOLD, null, null, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":\"invalid_grant\"}",
                "{\"data\":{\"error\":\"invalid_grant\"}}",
                "{\"error\":\"invalid_grant\",\"data\":{\"error\":\"slow_down\"}}"
            })
    @DisplayName("C: an error is looked for at the top level and inside")
    void findsErrorsOutsideAndInside(String body) {
        for (int status : new int[] {200, 400}) {
            assertThat(TokenResponseParser.outcome(nested("data"), status, null, null, bytes(body)))
                    .isEqualTo(new Refused(FailureClass.GRANT_DEAD, "invalid_grant", null));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, UTF-8",
        "application/json; charset=ISO-8859-1, UTF-8",
        "application/json; charset=utf-16, UTF-8",
        "application/json; charset=no-such, UTF-8",
        "application/json, UTF-16BE",
        "application/json, UTF-16LE",
        "application/json, UTF-16",
        "application/json; charset=utf-8, UTF-16LE",
        "application/json, UTF-32BE",
        "application/json, UTF-32LE",
        "application/json; charset=ISO-8859-1, ISO-8859-1",
        "application/json; charset=\"windows-1252\", windows-1252",
        "application/json, ISO-8859-1",
        "application/json; charset=IBM037, IBM037"
    })
    @DisplayName("C: JSON is read in whatever it is written in, even if that is not what it claims")
    void readsJsonOfAnyCharset(String contentType, String written) {
        byte[] body = "{\"name\":\"J\u00fcrgen\",\"access_token\":\"at\",\"refresh_token\":\"rt\"}"
                .getBytes(Charset.forName(written));

        TokenResult outcome = TokenResponseParser.outcome(ResponseShape.STANDARD, 200, contentType, null, body);

        assertThat(outcome).isInstanceOfSatisfying(Refreshed.class, refreshed -> {
            assertThat(refreshed.response().accessToken()).isEqualTo(Secret.of("at"));
            assertThat(refreshed.response().refreshToken()).isEqualTo(Secret.of("rt"));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, UTF-8, access_token=%C3%BC",
        "text/plain; charset=UTF-8, UTF-8, access_token=%C3%BC",
        "text/plain; charset=ISO-8859-1, ISO-8859-1, access_token=%FC",
        "text/plain; charset=ISO-8859-1, ISO-8859-1, access_token=\u00fc",
        "text/plain; charset=UTF-16, UTF-16, access_token=%C3%BC",
        "text/plain; charset=UTF-16LE, UTF-16LE, access_token=\u00fc",
        "text/plain; charset=UTF-16, UTF-8, access_token=%C3%BC",
        "text/plain, UTF-8, \uFEFFaccess_token=%C3%BC"
    })
    @DisplayName("C: a form is read by the charset it declares, or else as UTF-8")
    void readsFormsOfAnyCharset(String contentType, String written, String form) {
        byte[] body = (form + "&token_type=bearer").getBytes(Charset.forName(written));

        assertThat(TokenResponseParser.outcome(ResponseShape.STANDARD, 200, contentType, null, body))
                .isInstanceOfSatisfying(
                        Refreshed.class,
                        refreshed ->
                                assertThat(refreshed.response().accessToken()).isEqualTo(Secret.of("\u00fc")));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    @DisplayName("C: an answer made to break its reader is unreadable, no more")
    void survivesHostileAnswers(String body) {
        for (ResponseShape shape : List.of(ResponseShape.STANDARD, nested("a.a"))) {
            assertThat(TokenResponseParser.outcome(shape, 200, "application/json", null, bytes(body)))
                    .isEqualTo(new Unknown("unreadable_response", null));
        }
    }

    static List<String> hostile() {
        return List.of(
                "{\"a\":".repeat(100_000),
                "[".repeat(1_000_000),
                "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000),
                "{\"expires_in\":" + "9".repeat(900_000) + "}",
                "{\"" + "k".repeat(900_000) + "\":1}",
                "{\"access_token\":\"" + "t".repeat(900_000),
                "{\"access_token\":{\"access_token\":\"at\"}}",
                "{\"access_token\":[\"at\"]}",
                "{\"access_token\":17}",
                "\u0000\u0000\u0000",
                "\"access_token=\"",
                "access_token=%zz",
                "&".repeat(900_000) + "access_token=",
                "<!DOCTYPE html><a href='/?access_token=at'>");
    }

    private static ResponseShape nested(String path) {
        return new ResponseShape(List.of(path.split("\\.")), null);
    }

    private static TokenResponse tokens(ResponseShape shape, String body) {
        TokenResult outcome = TokenResponseParser.outcome(shape, 200, "application/json", null, bytes(body));
        assertThat(outcome).isInstanceOf(Refreshed.class);
        return ((Refreshed) outcome).response();
    }

    private static byte[] bytes(String body) {
        return body.getBytes(UTF_8);
    }
}
