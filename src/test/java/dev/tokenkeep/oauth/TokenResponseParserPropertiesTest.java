package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** What holds of every answer, however hostile (CONFORMANCE C). */
class TokenResponseParserPropertiesTest {

    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final String ACCESS = "secret-at-7f3a";
    private static final String REFRESH = "secret-rt-91cc";
    private static final String ID = "secret-id-d04e";
    private static final List<ResponseShape> SHAPES =
            List.of(ResponseShape.STANDARD, new ResponseShape(List.of("data"), ","));

    private static final Instant NOW = Instant.parse("2026-10-21T07:28:00Z");

    @Property
    @Label("C: any bytes under any status are one outcome, and no exception")
    void anyBytesAreOneOutcome(
            @ForAll byte[] body,
            @ForAll @IntRange(min = 100, max = 599) int status,
            @ForAll("contentTypes") String type) {
        for (ResponseShape shape : SHAPES) {
            TokenResult outcome = TokenResponseParser.outcome(shape, status, type, null, body);

            assertThat(outcome.kind()).isNotNull();
            assertThat(outcome.code()).isNotEmpty().hasSizeLessThanOrEqualTo(64);
        }
        assertThat(TokenResponseParser.errorCode(type, body)).isNotNull();
    }

    @Property
    @Label("C: an answer that is broken anywhere tells no token")
    void brokenAnswersTellNoToken(
            @ForAll("answers") byte[] answer,
            @ForAll("breaks") Break broken,
            @ForAll @IntRange(min = 100, max = 599) int status,
            @ForAll("contentTypes") String type) {
        for (ResponseShape shape : SHAPES) {
            assertThat(TokenResponseParser.outcome(shape, status, type, null, broken.of(answer))
                            .toString())
                    .doesNotContain(ACCESS, REFRESH, ID);
        }
    }

    @Property
    @Label("D: a successful answer with an access token is always a refresh, whatever else it says")
    void successWithAnAccessTokenIsARefresh(
            @ForAll("answers") byte[] answer,
            @ForAll @IntRange(min = 200, max = 299) int status,
            @ForAll("contentTypes") String type) {
        // A page is no answer by its name.
        String notHtml = type == null ? null : type.replace("html", "plain");

        TokenResult outcome = TokenResponseParser.outcome(ResponseShape.STANDARD, status, notHtml, null, answer);

        assertThat(outcome).isInstanceOfSatisfying(Refreshed.class, refreshed -> {
            TokenResponse tokens = refreshed.response();
            assertThat(tokens.refreshToken()).isEqualTo(Secret.of(REFRESH));
            assertThat(tokens.accessToken()).isIn(Secret.of(ACCESS), null);
            withinReason(tokens.expiry().lifetime(NOW));
            withinReason(tokens.refreshTokenExpiresIn());
        });
    }

    @Property
    @Label("E: a lifetime is unknown, or neither negative nor longer than ten years")
    void lifetimesStayWithinReason(@ForAll("numbers") String json) {
        byte[] body = ("{\"access_token\":\"at\",\"expires_in\":" + json + ",\"refresh_expires_in\":" + json + "}")
                .getBytes(UTF_8);

        if (TokenResponseParser.outcome(ResponseShape.STANDARD, 200, null, null, body) instanceof Refreshed refreshed) {
            withinReason(refreshed.response().expiry().lifetime(NOW));
            withinReason(refreshed.response().refreshTokenExpiresIn());
        }
    }

    private static void withinReason(@Nullable Duration lifetime) {
        if (lifetime != null) {
            assertThat(lifetime).isBetween(Duration.ZERO, LONGEST);
        }
    }

    /** What can happen to bytes on their way. */
    record Break(int keep, int at, byte instead) {

        byte[] of(byte[] answer) {
            byte[] broken = java.util.Arrays.copyOf(answer, Math.min(keep, answer.length));
            if (at < broken.length) {
                broken[at] = instead;
            }
            return broken;
        }
    }

    @Provide
    Arbitrary<Break> breaks() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 400),
                        Arbitraries.integers().between(0, 400),
                        Arbitraries.bytes())
                .as(Break::new);
    }

    /** Answers with all three tokens and anything beside them, as JSON or as a form. */
    @Provide
    Arbitrary<byte[]> answers() {
        Arbitrary<String> strange = Arbitraries.strings().ofMaxLength(20);
        Arbitrary<String> type = Arbitraries.of("Bearer", "mac", "").injectNull(0.2);
        return Combinators.combine(type, strange, strange, strange, Arbitraries.of(true, false))
                .as((tokenType, lifetime, error, scope, json) -> {
                    ObjectNode answer = new ObjectMapper().createObjectNode();
                    answer.put("error", error).put("expires_in", lifetime).put("refresh_token_expires_in", lifetime);
                    answer.put("access_token", ACCESS)
                            .put("refresh_token", REFRESH)
                            .put("id_token", ID);
                    answer.put("token_type", tokenType).put("scope", scope).put("ok", false);
                    return json
                            ? answer.toString().getBytes(UTF_8)
                            : form(answer).getBytes(UTF_8);
                });
    }

    private static String form(ObjectNode answer) {
        return String.join(
                "&",
                answer.properties().stream()
                        .filter(member -> !member.getValue().isNull())
                        .map(member -> member.getKey() + "="
                                + java.net.URLEncoder.encode(member.getValue().asText(), UTF_8))
                        .toList());
    }

    @Provide
    Arbitrary<String> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.bigDecimals().map(Object::toString),
                Arbitraries.longs().map(Object::toString),
                Arbitraries.doubles().map(Object::toString),
                Arbitraries.longs().map(number -> "\"" + number + ".0\""),
                Arbitraries.integers().between(-400, 400).map(exponent -> "1e" + exponent),
                Arbitraries.of("null", "true", "\"\"", "[]", "1e999999999", "\"1e999999999\"", "-0"));
    }

    @Provide
    Arbitrary<String> contentTypes() {
        return Arbitraries.of(Stream.of(
                                "application/json",
                                "application/json; charset=ISO-8859-1",
                                "application/json;charset=\"utf-16\"",
                                "application/x-www-form-urlencoded; charset=UTF-32",
                                "text/plain; charset=IBM037",
                                "text/plain; charset=no such",
                                "text/html",
                                "")
                        .toList())
                .injectNull(0.1);
    }
}
