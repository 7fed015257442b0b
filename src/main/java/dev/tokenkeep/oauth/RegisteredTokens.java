package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads a token response that a caller sends. It must have a refresh token or an access token. Every member
 * that is stored must have the right type. Unknown members are ignored.
 */
public final class RegisteredTokens {

    private static final int MAX_TOKEN_LENGTH = Secret.MAX_LENGTH;
    private static final int MAX_SCOPE_LENGTH = 4 * 1024;
    private static final int MAX_TYPE_LENGTH = 64;

    private RegisteredTokens() {}

    /** @throws InvalidTokenResponse naming the invalid member */
    public static TokenResponse read(JsonNode tokenResponse) {
        if (!tokenResponse.isObject()) {
            throw new InvalidTokenResponse("", "must be a JSON object, the authorization server's token response");
        }
        String refreshToken = text(tokenResponse, "refresh_token", MAX_TOKEN_LENGTH);
        String tokenType = text(tokenResponse, "token_type", MAX_TYPE_LENGTH);
        if (tokenType != null && !TokenResponseParser.usable(tokenType)) {
            throw InvalidTokenResponse.unsupportedTokenType();
        }
        lifetimes(tokenResponse);
        Secret accessToken = Secret.ofNullable(text(tokenResponse, "access_token", MAX_TOKEN_LENGTH));
        if (refreshToken == null && accessToken == null) {
            throw InvalidTokenResponse.withoutRefreshToken();
        }
        return new TokenResponse(
                accessToken,
                tokenType,
                AccessTokenExpiry.ofLongAgo(tokenResponse, accessToken),
                Secret.ofNullable(refreshToken),
                Lifetimes.ofRefreshToken(tokenResponse),
                scope(tokenResponse),
                Secret.ofNullable(text(tokenResponse, "id_token", MAX_TOKEN_LENGTH)));
    }

    private static void lifetimes(JsonNode response) {
        for (String member : new String[] {
            "expires_in", "refresh_expires_in", "refresh_token_expires_in", "x_refresh_token_expires_in"
        }) {
            JsonNode value = response.get(member);
            if (value == null || value.isNull()) {
                continue;
            }
            BigDecimal seconds = Lifetimes.number(value);
            if (seconds == null || seconds.signum() < 0) {
                throw new InvalidTokenResponse(member, "must be a number of seconds, 0 or more");
            }
        }
    }

    /** Reads the scope, a string or an array: some libraries split it into an array. */
    private static @Nullable String scope(JsonNode response) {
        JsonNode value = response.get("scope");
        if (value == null || !value.isArray()) {
            return text(response, "scope", MAX_SCOPE_LENGTH);
        }
        var scopes = new StringJoiner(" ");
        for (JsonNode one : value) {
            if (!one.isTextual() || one.textValue().isBlank() || one.textValue().contains(" ")) {
                throw new InvalidTokenResponse("scope", "must be a string, or an array of strings without spaces");
            }
            scopes.add(one.textValue());
        }
        return checked("scope", scopes.toString(), MAX_SCOPE_LENGTH);
    }

    private static @Nullable String text(JsonNode response, String member, int longest) {
        JsonNode value = response.get(member);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new InvalidTokenResponse(member, "must be a string");
        }
        return checked(member, value.textValue(), longest);
    }

    private static String checked(String member, String text, int longest) {
        if (text.isEmpty() || text.length() > longest) {
            throw new InvalidTokenResponse(member, "must have 1 to " + longest + " characters");
        }
        // RFC 6749 appendix A: tokens consist of visible characters and spaces.
        if (!Secret.of(text).isVisible()) {
            throw new InvalidTokenResponse(member, "must have only visible ASCII characters and spaces");
        }
        return text;
    }
}
