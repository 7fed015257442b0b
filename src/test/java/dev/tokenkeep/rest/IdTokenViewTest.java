package dev.tokenkeep.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.problem.Json;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdTokenViewTest {

    @Test
    void showsTheClaims() {
        assertThat(answered("{\"sub\":\"alice\",\"name\":\"Ana\"}"))
                .endsWith(",\"claims\":{\"sub\":\"alice\",\"name\":\"Ana\"}}");
    }

    /** The last begins like UTF-32. */
    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"a\":1,\"a\":2}", "\0\0\0{\0\u0011\0\0"})
    void leavesClaimsOutThatCantBeRead(String payload) {
        assertThat(answered(payload)).startsWith("{\"id_token\":").doesNotContain("claims");
    }

    private static String answered(String payload) {
        String token =
                "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(UTF_8)) + ".c2ln";
        return new String(Json.bytes(IdTokenView.of(Secret.of(token))), UTF_8);
    }
}
