package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.oauth.RefreshOutcome.Refreshed;
import dev.tokenkeep.oauth.RefreshOutcome.Refused;
import dev.tokenkeep.oauth.RefreshOutcome.Unknown;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a token endpoint answered (RFC 6749 §5.1 and §5.2) into one outcome. Stateless, thread-safe. */
public final class TokenResponseParser {

    private static final Set<String> TOKEN_TYPES = Set.of("bearer");
    private static final int THROTTLED = 429;
    private static final int UNAVAILABLE = 503;

    private TokenResponseParser() {}

    /**
     * The outcome of a refresh that was answered. It is decided by the body's {@code error} where there is one, whatever
     * the status is.
     *
     * @param contentType as the header has it
     * @param retryAfter when the server asks to be left alone
     */
    public static RefreshOutcome outcome(
            int status, @Nullable String contentType, @Nullable Duration retryAfter, byte[] body) {
        if (status >= 300 && status < 400) {
            return new Unknown("redirected", retryAfter);
        }
        Optional<JsonNode> read = ResponseBody.members(contentType, body);
        Optional<String> error = read.flatMap(TokenErrors::code);
        if (error.isPresent()) {
            return refused(status, error.get(), retryAfter);
        }
        if (status == THROTTLED || (status == UNAVAILABLE && retryAfter != null)) {
            return new Refused(FailureClass.TRANSIENT, "http_" + status, retryAfter);
        }
        if (status < 200 || status >= 300) {
            return new Unknown("http_" + status, retryAfter);
        }
        return read.<RefreshOutcome>map(TokenResponseParser::refreshed)
                .orElseGet(() -> new Unknown("unreadable_response", retryAfter));
    }

    private static RefreshOutcome refused(int status, String code, @Nullable Duration retryAfter) {
        return TokenErrors.failureClass(status, code)
                .<RefreshOutcome>map(failureClass -> new Refused(failureClass, code, retryAfter))
                .orElseGet(() -> new Unknown(code, retryAfter));
    }

    private static RefreshOutcome refreshed(JsonNode answer) {
        String accessToken = text(answer, "access_token");
        if (accessToken == null) {
            return new Unknown("unreadable_response", null);
        }
        String tokenType = text(answer, "token_type");
        boolean usable = tokenType == null || usable(tokenType);
        return new Refreshed(new TokenResponse(
                // RFC 6749 §7.1: a token of a type that is not understood must not be used. Its refresh token is kept.
                usable ? Secret.of(accessToken) : null,
                usable ? tokenType : null,
                Lifetimes.of(answer.get("expires_in")),
                Secret.ofNullable(text(answer, "refresh_token")),
                Lifetimes.ofRefreshToken(answer),
                text(answer, "scope"),
                Secret.ofNullable(text(answer, "id_token"))));
    }

    static boolean usable(String tokenType) {
        return TOKEN_TYPES.contains(tokenType.toLowerCase(Locale.ROOT));
    }

    /** Null unless it is a string with something in it: an empty refresh token is none (CONFORMANCE A4). */
    private static @Nullable String text(JsonNode answer, String member) {
        JsonNode value = answer.get(member);
        return value == null || !value.isTextual() || value.textValue().isEmpty() ? null : value.textValue();
    }
}
