package dev.tokenkeep.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.fuzz.FuzzInput;
import dev.tokenkeep.oauth.ResponseShape;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.oauth.TokenResponseParser;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Whatever a token endpoint answers is one outcome, and tells nobody a token. */
public final class TokenResponseFuzz {

    /** In no error code, because of its slashes: codes are told. */
    private static final String PLANTED = "1//planted-refresh-token";

    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final List<Integer> STATUSES = List.of(200, 400, 401, 403, 429, 500, 503, 302, 204, 100);
    private static final List<String> ENCODINGS = List.of("", "gzip", "X-GZIP ", "br");
    private static final List<ResponseShape> SHAPES = List.of(
            ResponseShape.STANDARD,
            new ResponseShape(List.of("data", "tokens"), ","),
            new ResponseShape(List.of("data"), " "));
    private static final List<String> CONTENT_TYPES = List.of(
            "application/json",
            "application/x-www-form-urlencoded",
            "application/json; charset=UTF-16LE",
            "text/plain; charset=IBM037",
            "text/html",
            "",
            "application/x-www-form-urlencoded; charset=\"utf-32\"",
            "x; charset=no such");

    private TokenResponseFuzz() {}

    public static void read(FuzzInput input) {
        int status = input.oneOf(STATUSES);
        ResponseShape shape = input.oneOf(SHAPES);
        String contentType = input.oneOf(CONTENT_TYPES);
        String encoding = input.oneOf(ENCODINGS);
        byte[] received = input.oneOf(List.of(false, true)) ? gzipped(input.rest()) : input.rest();

        byte[] body = LimitedBody.read(encoding, received);
        if (body == null) {
            return;
        }
        assertThat(body.length).isLessThanOrEqualTo(Math.max(received.length, LimitedBody.MAX_BYTES));
        TokenResult outcome = TokenResponseParser.outcome(shape, status, contentType, Duration.ofSeconds(3), body);
        assertThat(outcome.code()).matches("[A-Za-z0-9_.-]{1,64}");
        TokenResponseParser.errorCode(contentType, body)
                .ifPresent(code -> assertThat(code).matches("[A-Za-z0-9_.-]{1,64}"));
        if (outcome instanceof Refreshed refreshed) {
            assertThat(status).isBetween(200, 299);
            usable(refreshed);
        } else {
            assertThat(outcome.toString()).doesNotContain(PLANTED);
        }
    }

    private static void usable(Refreshed refreshed) {
        TokenResponse tokens = refreshed.response();
        if (tokens.accessToken() == null) {
            assertThat(tokens.tokenType()).isNull();
        }
        for (Secret token : Arrays.asList(tokens.accessToken(), tokens.refreshToken(), tokens.idToken())) {
            assertThat(token == null ? "none" : token.reveal()).isNotEmpty();
        }
        withinReason(tokens.expiry().lifetime(Instant.EPOCH));
        withinReason(tokens.refreshTokenExpiresIn());
        String scope = tokens.scope();
        if (scope != null) {
            assertThat(scope).isNotEmpty();
            // What can't be written in UTF-8 can neither be stored nor answered as it is.
            assertThat(new String(scope.getBytes(UTF_8), UTF_8)).isEqualTo(scope);
            assertThat(scope.chars().noneMatch(Character::isISOControl)).isTrue();
        }
        assertThat(refreshed.toString())
                .contains("accessToken=" + tokens.accessToken() + ", ")
                .contains("refreshToken=" + tokens.refreshToken() + ", ")
                .contains("idToken=" + tokens.idToken() + "]");
        assertThat(String.valueOf(tokens.refreshToken())).isIn("[secret]", "null");
    }

    private static void withinReason(@Nullable Duration lifetime) {
        assertThat(lifetime == null ? Duration.ZERO : lifetime).isBetween(Duration.ZERO, LONGEST);
    }

    private static byte[] gzipped(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
