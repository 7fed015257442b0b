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
     * The outcome of a refresh that was answered. Where there are no tokens, it is decided by the body's {@code error},
     * whatever the status is.
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
        boolean successful = status >= 200 && status < 300;
        // Tokens are taken whatever else is said beside them: the refresh token was spent for them.
        if (successful && read.isPresent() && text(read.get(), "access_token") != null) {
            return refreshed(read.get());
        }
        Optional<RefreshOutcome> told = read.flatMap(answer -> TokenErrors.outcome(status, answer, retryAfter));
        if (told.isPresent()) {
            return told.get();
        }
        if (status == THROTTLED || (status == UNAVAILABLE && retryAfter != null)) {
            return new Refused(FailureClass.TRANSIENT, "http_" + status, retryAfter);
        }
        return new Unknown(successful ? "unreadable_response" : "http_" + status, retryAfter);
    }

    /** An answer's error code (RFC 6749 §5.2), fit for logs. */
    public static Optional<String> errorCode(@Nullable String contentType, byte[] body) {
        return ResponseBody.members(contentType, body).flatMap(TokenErrors::code);
    }

    private static RefreshOutcome refreshed(JsonNode answer) {
        String tokenType = text(answer, "token_type");
        boolean usable = tokenType == null || usable(tokenType);
        return new Refreshed(new TokenResponse(
                // RFC 6749 §7.1: a token of a type that is not understood must not be used. Its refresh token is kept.
                usable ? Secret.ofNullable(text(answer, "access_token")) : null,
                usable ? tokenType : null,
                Lifetimes.of(answer.get("expires_in")),
                Secret.ofNullable(text(answer, "refresh_token")),
                Lifetimes.ofRefreshToken(answer),
                scope(text(answer, "scope")),
                Secret.ofNullable(text(answer, "id_token"))));
    }

    /** Space-separated (RFC 6749 §3.3), though some separate by commas; null if a column can't hold it. */
    private static @Nullable String scope(@Nullable String scope) {
        if (scope == null || scope.chars().anyMatch(Character::isISOControl)) {
            return null;
        }
        return scope.contains(" ") ? scope : scope.replace(',', ' ');
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
