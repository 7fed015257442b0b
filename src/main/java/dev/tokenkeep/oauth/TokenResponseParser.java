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

/** Reads a token endpoint's response (RFC 6749 §5.1 and §5.2) into one result. Stateless, thread-safe. */
public final class TokenResponseParser {

    private static final Set<String> TOKEN_TYPES = Set.of("bearer", "dpop");
    private static final int THROTTLED = 429;
    private static final int UNAVAILABLE = 503;

    private TokenResponseParser() {}

    /**
     * Returns the result of a refresh that was answered. If the response has no tokens, the body's {@code error}
     * decides, whatever the status is.
     *
     * @param contentType the header's value; null if it is missing
     * @param retryAfter how long the server asks to wait; null if it does not say
     */
    public static TokenResult outcome(
            ResponseShape shape, int status, @Nullable String contentType, @Nullable Duration retryAfter, byte[] body) {
        if (status >= 300 && status < 400) {
            return new Unknown("redirected", retryAfter);
        }
        Optional<NestedTokens> read =
                ResponseBody.members(contentType, body).map(answer -> NestedTokens.of(answer, shape));
        // Tokens are accepted even if the response also has an error, because the refresh token was spent for them.
        return read.filter(answer -> successful(status))
                .flatMap(answer -> refreshed(answer.members(), shape))
                .or(() ->
                        read.flatMap(answer -> TokenErrors.mapped(shape.errors(), status, answer.whole(), retryAfter)))
                .or(() -> read.flatMap(answer -> TokenErrors.outcome(status, answer.whole(), retryAfter)))
                .or(() -> read.flatMap(answer -> TokenErrors.outcome(status, answer.inner(), retryAfter)))
                .orElseGet(() -> unclear(status, retryAfter));
    }

    private static boolean successful(int status) {
        return status >= 200 && status < 300;
    }

    /** Returns the result for a body with neither a token nor an error. */
    private static TokenResult unclear(int status, @Nullable Duration retryAfter) {
        if (status == THROTTLED || (status == UNAVAILABLE && retryAfter != null)) {
            return new Refused(FailureClass.TRANSIENT, "http_" + status, retryAfter);
        }
        return new Unknown(successful(status) ? "unreadable_response" : "http_" + status, retryAfter);
    }

    /** Returns the response's error code (RFC 6749 §5.2), safe to log; empty if there is none. */
    public static Optional<String> errorCode(@Nullable String contentType, byte[] body) {
        return ResponseBody.members(contentType, body).flatMap(TokenErrors::code);
    }

    /** Returns the tokens of a response; empty if it has no access token. */
    private static Optional<TokenResult> refreshed(JsonNode answer, ResponseShape shape) {
        String accessToken = text(answer, "access_token");
        if (accessToken == null) {
            return Optional.empty();
        }
        String tokenType = text(answer, "token_type");
        boolean usable = tokenType == null || usable(tokenType);
        return Optional.of(new Refreshed(new TokenResponse(
                // RFC 6749 §7.1: a client must not use a token of a type that it does not understand. Its refresh token
                // is kept.
                usable ? Secret.of(accessToken) : null,
                usable ? tokenType : null,
                AccessTokenExpiry.of(answer, Secret.of(accessToken)),
                Secret.ofNullable(text(answer, "refresh_token")),
                Lifetimes.ofRefreshToken(answer),
                scope(text(answer, "scope"), shape.scopeSeparator()),
                Secret.ofNullable(text(answer, "id_token")),
                AnsweredResources.of(answer))));
    }

    /**
     * Returns the scope, space-separated (RFC 6749 §3.3), even if the server uses commas; null if the database cannot
     * store it.
     */
    private static @Nullable String scope(@Nullable String scope, @Nullable String separator) {
        if (scope == null || scope.codePoints().anyMatch(TokenResponseParser::isUnwritable)) {
            return null;
        }
        if (separator != null) {
            return separated(scope, separator);
        }
        return scope.contains(" ") ? scope : scope.replace(',', ' ');
    }

    /** A code point that is a surrogate lacks its other half. */
    private static boolean isUnwritable(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }

    /**
     * Replaces the separators by spaces. Returns null if nothing is left or if a scope itself has a space, which would
     * look like a separator.
     */
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
