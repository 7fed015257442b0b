package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads lifetimes in seconds in the forms that authorization servers use: numbers, strings, decimals (CONFORMANCE C,
 * E).
 */
final class Lifetimes {

    /** Longer lifetimes are cut to this. */
    private static final BigDecimal MAX_SECONDS =
            BigDecimal.valueOf(Duration.ofDays(3650).toSeconds());

    private static final String[] OF_REFRESH_TOKEN = {
        "refresh_expires_in", "refresh_token_expires_in", "x_refresh_token_expires_in"
    };

    private static final int MAX_DIGITS = 32;

    private Lifetimes() {}

    /** Returns a lifetime; null if it is missing or not a number, zero if it is negative. */
    private static @Nullable Duration of(@Nullable JsonNode seconds) {
        BigDecimal number = number(seconds);
        return number == null
                ? null
                : Duration.ofSeconds(
                        number.max(BigDecimal.ZERO).min(MAX_SECONDS).longValue());
    }

    /** Returns the refresh token's lifetime; null if it is missing or unlimited, which Keycloak writes as 0. */
    static @Nullable Duration ofRefreshToken(JsonNode answer) {
        for (String member : OF_REFRESH_TOKEN) {
            Duration lifetime = of(answer.get(member));
            if (lifetime != null && !lifetime.isZero()) {
                return lifetime;
            }
        }
        return null;
    }

    /** Returns a number; null if it is not one. {@code 1e999}, which is read as infinite, is not one either. */
    static @Nullable BigDecimal number(@Nullable JsonNode node) {
        if (node == null || (!node.isNumber() && !node.isTextual())) {
            return null;
        }
        String text = node.asText().strip();
        if (text.length() > MAX_DIGITS) {
            return null;
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
