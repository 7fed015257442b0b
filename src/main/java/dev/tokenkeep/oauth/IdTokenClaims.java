package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The claims of an ID token (OpenID Connect Core 1.0 §2) that a sign-in and a refresh need. Nothing is verified here.
 *
 * @param audience empty if there is none
 * @param authorizedParty null if there is none
 */
public record IdTokenClaims(
        @Nullable String issuer,
        @Nullable String subject,
        Set<String> audience,
        @Nullable String authorizedParty,
        @Nullable Instant issuedAt,
        @Nullable Instant expiresAt,
        SignedIn signedIn) {

    /**
     * How the user signed in. Members are null if the claim is missing.
     *
     * @param acr the class of the authentication (RFC 9470 §3)
     * @param accessTokenHash {@code at_hash}
     */
    public record SignedIn(
            @Nullable Instant authTime,
            @Nullable String nonce,
            @Nullable String acr,
            @Nullable String accessTokenHash) {}

    /** Reads the claims; empty if the token is not a compact JWS with a JSON object in it. */
    public static Optional<IdTokenClaims> read(Secret idToken) {
        return JwtPayload.of(idToken).map(IdTokenClaims::of);
    }

    private static IdTokenClaims of(JsonNode payload) {
        return new IdTokenClaims(
                text(payload, "iss"),
                text(payload, "sub"),
                audience(payload.path("aud")),
                text(payload, "azp"),
                JwtPayload.time(payload, "iat"),
                JwtPayload.time(payload, "exp"),
                new SignedIn(
                        JwtPayload.time(payload, "auth_time"),
                        text(payload, "nonce"),
                        text(payload, "acr"),
                        text(payload, "at_hash")));
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

    @Override
    public String toString() {
        return "[claims]";
    }
}
