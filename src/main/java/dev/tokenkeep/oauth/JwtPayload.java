package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the claims of a token that is a compact JWS (RFC 7519 §7.2). Nothing is verified. */
final class JwtPayload {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTS = 3;
    /** In seconds since 1970. Larger numbers are not a time in seconds. */
    static final long LATEST = 100_000_000_000L;

    private JwtPayload() {}

    /** Returns the algorithm that the header names; empty if the header cannot be read or names none. */
    static Optional<String> algorithm(Secret token) {
        String text = token.reveal();
        try {
            byte[] header = Base64.getUrlDecoder().decode(text.substring(0, Math.max(0, text.indexOf('.'))));
            return Optional.ofNullable(JSON.readTree(header).path("alg").textValue());
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns the payload; empty if the token is not a compact JWS with a JSON object in it. */
    static Optional<JsonNode> of(Secret token) {
        String[] parts = token.reveal().split("\\.", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JSON.readTree(Base64.getUrlDecoder().decode(parts[1])))
                    .filter(JsonNode::isObject);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns a claim as a time; null if it is missing or not a time. */
    static @Nullable Instant time(JsonNode payload, String claim) {
        JsonNode value = payload.path(claim);
        boolean usable = value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() < LATEST;
        return usable ? Instant.ofEpochSecond(value.longValue()) : null;
    }
}
