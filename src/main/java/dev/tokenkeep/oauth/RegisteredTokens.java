package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads a token response that a caller hands in: it must have a refresh token, may lack an access token, and whatever is
 * kept of it must be of its type. Members that are not known are the authorization server's own affair.
 */
public final class RegisteredTokens {

    private static final int LONGEST_TOKEN = Secret.LONGEST;
    private static final int LONGEST_SCOPE = 4 * 1024;
    private static final int LONGEST_TYPE = 64;

    private RegisteredTokens() {}

    /** @throws InvalidTokenResponse naming the member */
    public static TokenResponse read(JsonNode tokenResponse) {
        if (!tokenResponse.isObject()) {
            throw new InvalidTokenResponse("", "must be a JSON object, the authorization server's token response");
        }
        String refreshToken = text(tokenResponse, "refresh_token", LONGEST_TOKEN);
        if (refreshToken == null) {
            throw new InvalidTokenResponse("refresh_token", "is missing: without one there is nothing to keep");
        }
        String tokenType = text(tokenResponse, "token_type", LONGEST_TYPE);
        if (tokenType != null && !TokenResponseParser.usable(tokenType)) {
            throw new InvalidTokenResponse("token_type", "is not supported, only Bearer is");
        }
        lifetimes(tokenResponse);
        Secret accessToken = Secret.ofNullable(text(tokenResponse, "access_token", LONGEST_TOKEN));
        return new TokenResponse(
                accessToken,
                tokenType,
                AccessTokenExpiry.ofLongAgo(tokenResponse, accessToken),
                Secret.of(refreshToken),
                Lifetimes.ofRefreshToken(tokenResponse),
                scope(tokenResponse),
                Secret.ofNullable(text(tokenResponse, "id_token", LONGEST_TOKEN)));
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
                throw new InvalidTokenResponse(member, "must be a number of seconds, not negative");
            }
        }
    }

    /** Libraries that split it hand it in as an array. */
    private static @Nullable String scope(JsonNode response) {
        JsonNode value = response.get("scope");
        if (value == null || !value.isArray()) {
            return text(response, "scope", LONGEST_SCOPE);
        }
        var scopes = new StringJoiner(" ");
        for (JsonNode one : value) {
            if (!one.isTextual() || one.textValue().isBlank() || one.textValue().contains(" ")) {
                throw new InvalidTokenResponse("scope", "must be a string, or an array of strings without spaces");
            }
            scopes.add(one.textValue());
        }
        return checked("scope", scopes.toString(), LONGEST_SCOPE);
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
        // RFC 6749 appendix A: tokens are of visible characters and spaces.
        if (!Secret.of(text).isVisible()) {
            throw new InvalidTokenResponse(member, "has a character that is not visible ASCII or a space");
        }
        return text;
    }
}
