package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lifetimes in seconds, as authorization servers spell them: numbers, strings, decimals (CONFORMANCE C, E). */
final class Lifetimes {

    /** Longer ones are not told apart. */
    private static final BigDecimal LONGEST_SECONDS =
            BigDecimal.valueOf(Duration.ofDays(3650).toSeconds());

    private static final String[] OF_REFRESH_TOKEN = {
        "refresh_expires_in", "refresh_token_expires_in", "x_refresh_token_expires_in"
    };

    private static final int LONGEST_NUMBER = 32;

    private Lifetimes() {}

    /** Null if it is not told; zero if it is over already. */
    private static @Nullable Duration of(@Nullable JsonNode seconds) {
        BigDecimal number = number(seconds);
        return number == null
                ? null
                : Duration.ofSeconds(
                        number.max(BigDecimal.ZERO).min(LONGEST_SECONDS).longValue());
    }

    /** Null if it is not told, or never over: Keycloak says 0 for that. */
    static @Nullable Duration ofRefreshToken(JsonNode answer) {
        for (String member : OF_REFRESH_TOKEN) {
            Duration lifetime = of(answer.get(member));
            if (lifetime != null && !lifetime.isZero()) {
                return lifetime;
            }
        }
        return null;
    }

    /** Null if it is none: {@code 1e999} is read as infinite, and is none either. */
    static @Nullable BigDecimal number(@Nullable JsonNode node) {
        if (node == null || (!node.isNumber() && !node.isTextual())) {
            return null;
        }
        String text = node.asText().strip();
        if (text.length() > LONGEST_NUMBER) {
            return null;
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
