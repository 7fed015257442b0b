package dev.tokenkeep.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenkeep.problem.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenViewTest {

    private static final ObjectMapper PLAIN = new ObjectMapper();
    private static final ObjectMapper BY_ITSELF = JsonMapper.builder()
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .addMixIn(TokenView.class, ByItself.class)
            .build();

    @JsonSerialize(using = JsonSerializer.None.class)
    private interface ByItself {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abcXYZ019-._~+/==",
                "",
                "with \"quotes\"",
                "with \\ and \\\"",
                "with a\ttab, a\nline, a \u0000 and a \u001f",
                "with ? and half a character \ud83d",
                "with DEL \u007f and others \u0080 \u00ff",
                "with \u00fc, \u20ac and \ud83d\ude00",
                "\""
            })
    void writesEveryTokenAsJacksonItselfWould(String token) throws JsonProcessingException {
        var json = new String(Json.bytes(new TokenView(token, "Bearer", 60L, null, 1, "ACTIVE", null)), UTF_8);
        assertThat(json)
                .startsWith("{\"access_token\":" + new String(PLAIN.writeValueAsBytes(token), UTF_8)
                        + ",\"token_type\":\"Bearer\",");
        assertThat(PLAIN.readTree(json).get("access_token").textValue()).isEqualTo(token);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "openid", "read \"write\""})
    void writesEveryMemberAsJacksonItselfWould(@Nullable String scope) throws JsonProcessingException {
        var view = new TokenView(
                "token",
                "DPoP",
                3_000_000_000L,
                scope,
                Long.MAX_VALUE,
                "ACTIVE",
                scope == null ? null : new TokenView.Confirmation("A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"));
        assertThat(new String(Json.bytes(view), UTF_8)).isEqualTo(BY_ITSELF.writeValueAsString(view));
    }
}
