package dev.tokenkeep.oauth;

import static dev.tokenkeep.oauth.NestedTokens.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.oauth.TokenResult.Unknown;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
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
    public static TokenResult outcome(
            ResponseShape shape, int status, @Nullable String contentType, @Nullable Duration retryAfter, byte[] body) {
        if (status >= 300 && status < 400) {
            return new Unknown("redirected", retryAfter);
        }
        Optional<NestedTokens> read =
                ResponseBody.members(contentType, body).map(answer -> NestedTokens.of(answer, shape));
        // Tokens are taken whatever else is said beside them: the refresh token was spent for them.
        return read.filter(answer -> successful(status))
                .flatMap(answer -> refreshed(answer.members(), shape))
                .or(() -> read.flatMap(answer -> TokenErrors.outcome(status, answer.whole(), retryAfter)))
                .or(() -> read.flatMap(answer -> TokenErrors.outcome(status, answer.inner(), retryAfter)))
                .orElseGet(() -> unclear(status, retryAfter));
    }

    private static boolean successful(int status) {
        return status >= 200 && status < 300;
    }

    /** There is neither a token nor an error in the body. */
    private static TokenResult unclear(int status, @Nullable Duration retryAfter) {
        if (status == THROTTLED || (status == UNAVAILABLE && retryAfter != null)) {
            return new Refused(FailureClass.TRANSIENT, "http_" + status, retryAfter);
        }
        return new Unknown(successful(status) ? "unreadable_response" : "http_" + status, retryAfter);
    }

    /** An answer's error code (RFC 6749 §5.2), fit for logs. */
    public static Optional<String> errorCode(@Nullable String contentType, byte[] body) {
        return ResponseBody.members(contentType, body).flatMap(TokenErrors::code);
    }

    /** Empty if there is no access token. */
    private static Optional<TokenResult> refreshed(JsonNode answer, ResponseShape shape) {
        String accessToken = text(answer, "access_token");
        if (accessToken == null) {
            return Optional.empty();
        }
        String tokenType = text(answer, "token_type");
        boolean usable = tokenType == null || usable(tokenType);
        return Optional.of(new Refreshed(new TokenResponse(
                // RFC 6749 §7.1: a token of a type that is not understood must not be used. Its refresh token is kept.
                usable ? Secret.of(accessToken) : null,
                usable ? tokenType : null,
                AccessTokenExpiry.of(answer, Secret.of(accessToken)),
                Secret.ofNullable(text(answer, "refresh_token")),
                Lifetimes.ofRefreshToken(answer),
                scope(text(answer, "scope"), shape.scopeSeparator()),
                Secret.ofNullable(text(answer, "id_token")))));
    }

    /** Space-separated (RFC 6749 §3.3), though some separate by commas; null if a column can't hold it. */
    private static @Nullable String scope(@Nullable String scope, @Nullable String separator) {
        if (scope == null || scope.codePoints().anyMatch(TokenResponseParser::isUnwritable)) {
            return null;
        }
        if (separator != null) {
            return separated(scope, separator);
        }
        return scope.contains(" ") ? scope : scope.replace(',', ' ');
    }

    /** A code point that is a surrogate has lost its other half. */
    private static boolean isUnwritable(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }

    /** Null if nothing is left, or if a scope has a space in it, which could not be told from a separator any more. */
    private static @Nullable String separated(String scope, String separator) {
        List<String> scopes = Arrays.stream(scope.split(Pattern.quote(separator)))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .toList();
        boolean ambiguous = scopes.stream().anyMatch(one -> one.contains(" "));
        return scopes.isEmpty() || ambiguous ? null : String.join(" ", scopes);
    }

    static boolean usable(String tokenType) {
        return TOKEN_TYPES.contains(tokenType.toLowerCase(Locale.ROOT));
    }
}
