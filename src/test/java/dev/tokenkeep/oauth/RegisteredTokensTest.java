package dev.tokenkeep.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegisteredTokensTest {

    @Test
    void readsTheAuthorizationServersOwnJson() {
        TokenResponse response = RegisteredTokens.read(json("""
                        {"access_token":"at","token_type":"bearer","expires_in":"3600","refresh_token":"rt",
                         "refresh_expires_in":0,"refresh_token_expires_in":60,"scope":"openid","id_token":"a.b.c",
                         "not-before-policy":0,"extra":{"nested":[1]}}"""));

        assertThat(response)
                .isEqualTo(new TokenResponse(
                        Secret.of("at"),
                        "bearer",
                        AccessTokenExpiry.in(Duration.ofHours(1)),
                        Secret.of("rt"),
                        Duration.ofMinutes(1),
                        "openid",
                        Secret.of("a.b.c")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"['openid','email'] | openid email", "['openid'] | openid", "\"openid email\" | openid email"})
    void joinsAScopeThatALibraryHasSplit(String scope, String expected) {
        assertThat(RegisteredTokens.read(json(("{'refresh_token':'rt','scope':" + scope + "}").replace('\'', '"')))
                        .scope())
                .isEqualTo(expected);
    }

    @Test
    void needsNoMoreThanARefreshToken() {
        assertThat(RegisteredTokens.read(json("{\"refresh_token\":\"rt\",\"access_token\":null}")))
                .isEqualTo(new TokenResponse(null, null, AccessTokenExpiry.UNTOLD, Secret.of("rt"), null, null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | refresh_token",
                "{'refresh_token':null} | refresh_token",
                "{'refresh_token':''} | refresh_token",
                "{'refresh_token':17} | refresh_token",
                "{'refresh_token':['rt']} | refresh_token",
                "{'refresh_token':'r\\u0000t'} | refresh_token",
                "{'refresh_token':'r\\nt'} | refresh_token",
                "{'refresh_token':'r\\ud800t'} | refresh_token",
                "{'refresh_token':'rt','access_token':''} | access_token",
                "{'refresh_token':'rt','access_token':{}} | access_token",
                "{'refresh_token':'rt','access_token':'\\u0000'} | access_token",
                "{'refresh_token':'rt','token_type':'mac'} | token_type",
                "{'refresh_token':'rt','token_type':1} | token_type",
                "{'refresh_token':'rt','expires_in':-1} | expires_in",
                "{'refresh_token':'rt','expires_in':'-1'} | expires_in",
                "{'refresh_token':'rt','expires_in':'soon'} | expires_in",
                "{'refresh_token':'rt','expires_in':''} | expires_in",
                "{'refresh_token':'rt','expires_in':true} | expires_in",
                "{'refresh_token':'rt','expires_in':[]} | expires_in",
                "{'refresh_token':'rt','refresh_expires_in':'x'} | refresh_expires_in",
                "{'refresh_token':'rt','refresh_token_expires_in':-1} | refresh_token_expires_in",
                "{'refresh_token':'rt','x_refresh_token_expires_in':{}} | x_refresh_token_expires_in",
                "{'refresh_token':'rt','scope':['a b']} | scope",
                "{'refresh_token':'rt','scope':['a',1]} | scope",
                "{'refresh_token':'rt','scope':['']} | scope",
                "{'refresh_token':'rt','scope':[]} | scope",
                "{'refresh_token':'rt','scope':'a\\u0000'} | scope",
                "{'refresh_token':'rt','id_token':5} | id_token"
            })
    void namesTheMemberThatCanNotBeUsed(String body, String member) {
        assertThat(refused(json(body.replace('\'', '"'))).member()).isEqualTo(member);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "\"text\"", "1"})
    void refusesWhatIsNoObject(String body) {
        assertThat(refused(json(body)).member()).isEmpty();
    }

    @Test
    void refusesTokensThatAreTooLong() {
        String longest = "x".repeat(64 * 1024);

        assertThat(RegisteredTokens.read(json("{\"refresh_token\":\"" + longest + "\"}"))
                        .refreshToken())
                .isEqualTo(Secret.of(longest));
        assertThat(refused(json("{\"refresh_token\":\"" + longest + "x\"}")).member())
                .isEqualTo("refresh_token");
    }

    @Test
    void clampsALifetimeBeyondAllReason() {
        assertThat(RegisteredTokens.read(json("{\"refresh_token\":\"rt\",\"expires_in\":1e300}"))
                        .expiry()
                        .lifetime(Instant.EPOCH))
                .isEqualTo(Duration.ofDays(365));
    }

    @Test
    void saysNothingOfTheValue() {
        assertThat(refused(json("{\"refresh_token\":\"geheim\\u0000\"}")))
                .hasMessageNotContaining("geheim")
                .hasNoCause();
    }

    private static InvalidTokenResponse refused(JsonNode body) {
        InvalidTokenResponse refusal =
                catchThrowableOfType(InvalidTokenResponse.class, () -> RegisteredTokens.read(body));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
