package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an ID token claims (OpenID Connect Core 1.0 §2), as far as a refresh has to do with it. Nothing is verified here.
 *
 * @param audience empty if there is none
 * @param authorizedParty null if there is none
 * @param authTime null if there is none
 * @param nonce null if there is none
 */
public record IdTokenClaims(
        @Nullable String issuer,
        @Nullable String subject,
        Set<String> audience,
        @Nullable String authorizedParty,
        @Nullable Instant issuedAt,
        @Nullable Instant authTime,
        @Nullable String nonce) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTS = 3;
    /** Seconds; whatever is beyond is no time. */
    private static final long LATEST = 100_000_000_000L;

    /** Empty if it is no compact JWS with a JSON object in it. */
    public static Optional<IdTokenClaims> read(Secret idToken) {
        String[] parts = idToken.reveal().split("\\.", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            JsonNode payload = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            return Optional.ofNullable(payload).filter(JsonNode::isObject).map(IdTokenClaims::of);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static IdTokenClaims of(JsonNode payload) {
        return new IdTokenClaims(
                text(payload, "iss"),
                text(payload, "sub"),
                audience(payload.path("aud")),
                text(payload, "azp"),
                time(payload, "iat"),
                time(payload, "auth_time"),
                text(payload, "nonce"));
    }

    private static Set<String> audience(JsonNode claim) {
        var audience = new TreeSet<String>();
        if (claim.isTextual()) {
            audience.add(claim.textValue());
        }
        claim.elements().forEachRemaining(one -> audience.add(one.asText()));
        return audience;
    }

    private static @Nullable String text(JsonNode payload, String claim) {
        JsonNode value = payload.path(claim);
        return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
    }

    private static @Nullable Instant time(JsonNode payload, String claim) {
        JsonNode value = payload.path(claim);
        boolean usable = value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() < LATEST;
        return usable ? Instant.ofEpochSecond(value.longValue()) : null;
    }

    @Override
    public String toString() {
        return "[claims]";
    }
}
