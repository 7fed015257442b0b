package dev.tokenkeep.registration.registering;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenkeep.oauth.Secret;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client that an authorization server has registered (RFC 7591 §3.2.1). The token to manage it with is not read.
 *
 * @param secret null if it has none
 * @param secretExpiresAt null if it does not expire
 * @param method how it authenticates; null if the server does not say
 */
record IssuedClient(
        String id,
        @Nullable Secret secret,
        @Nullable Instant secretExpiresAt,
        @Nullable String method) {

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** As long as any setting may be. */
    private static final int MAX_LENGTH = 8192;
    /** The end of the year 9999. */
    private static final long LAST_SECOND = 253_402_300_799L;

    /** Returns empty if no client can be read from it. */
    static Optional<IssuedClient> read(byte[] body) {
        try {
            return read(JSON.readTree(body));
        } catch (IOException e) {
            // The exception's message quotes the body, so it is not used.
            return Optional.empty();
        }
    }

    private static Optional<IssuedClient> read(JsonNode json) {
        String id = json.path("client_id").textValue();
        JsonNode secret = json.path("client_secret");
        boolean hasSecret = !secret.isMissingNode() && !secret.isNull();
        if (id == null || !isPlain(id) || (hasSecret && !isPlain(secret.textValue()))) {
            return Optional.empty();
        }
        // Some servers send the number as text.
        long expiresAt = json.path("client_secret_expires_at").asLong();
        return Optional.of(new IssuedClient(
                id,
                Secret.ofNullable(secret.textValue()),
                hasSecret && expiresAt > 0 ? Instant.ofEpochSecond(Math.min(expiresAt, LAST_SECOND)) : null,
                json.path("token_endpoint_auth_method").textValue()));
    }

    private static boolean isPlain(@Nullable String text) {
        return text != null
                && !text.isBlank()
                && text.length() <= MAX_LENGTH
                && text.chars().noneMatch(Character::isISOControl);
    }
}
