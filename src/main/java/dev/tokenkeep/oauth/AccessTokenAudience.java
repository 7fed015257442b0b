package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.stream.StreamSupport;

/**
 * For whom an access token is, where it is a JWT (RFC 9068): some authorization servers silently ignore an audience they do
 * not know and answer another one's token (CONFORMANCE B9). Nothing is verified, the resource server does that.
 */
public final class AccessTokenAudience {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTS = 3;

    private AccessTokenAudience() {}

    /** Whether the token says that it is for others; an opaque one, or one without {@code aud}, says nothing. */
    public static boolean isAnothers(Secret accessToken, String expected) {
        String[] parts = accessToken.reveal().split("\\.", -1);
        if (parts.length != PARTS) {
            return false;
        }
        try {
            JsonNode payload = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            JsonNode audience = payload == null ? null : payload.get("aud");
            if (audience == null || audience.isNull()) {
                return false;
            }
            return audience.isArray()
                    ? StreamSupport.stream(audience.spliterator(), false)
                            .noneMatch(one -> expected.equals(one.asText()))
                    : !expected.equals(audience.asText());
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }
}
