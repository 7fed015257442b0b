package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenAudienceTest {

    private static final String EXPECTED = "https://api.example";

    @ParameterizedTest
    @DisplayName("B9: a token that is for others says so")
    @ValueSource(
            strings = {"{\"aud\":\"https://default.example\"}", "{\"aud\":[\"a\",\"b\"]}", "{\"aud\":[]}", "{\"aud\":7}"
            })
    void knowsAnothersToken(String payload) {
        assertThat(AccessTokenAudience.isAnothers(jwt(payload), EXPECTED)).isTrue();
    }

    @ParameterizedTest
    @DisplayName("B9: a token that is for us, or does not say for whom it is, is taken")
    @ValueSource(
            strings = {
                "{\"aud\":\"https://api.example\"}",
                "{\"aud\":[\"https://other.example\",\"https://api.example\"]}",
                "{}",
                "{\"aud\":null}",
                "not json",
                ""
            })
    void takesWhatIsOursOrSaysNothing(String payload) {
        assertThat(AccessTokenAudience.isAnothers(jwt(payload), EXPECTED)).isFalse();
    }

    @ParameterizedTest
    @DisplayName("B9: an opaque token says nothing")
    @ValueSource(strings = {"opaque", "a.b", "a.b.c.d", "a.!!!.c", "..", "a..c"})
    void takesAnOpaqueToken(String token) {
        assertThat(AccessTokenAudience.isAnothers(Secret.of(token), EXPECTED)).isFalse();
    }

    private static Secret jwt(String payload) {
        return Secret.of(
                "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(UTF_8)) + ".sig");
    }
}
