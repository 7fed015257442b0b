package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;

/**
 * For whom an access token is, where it is a JWT (RFC 9068): some authorization servers silently ignore an audience they do
 * not know and answer another one's token (CONFORMANCE B9). Nothing is verified, the resource server does that.
 */
public final class AccessTokenAudience {

    private AccessTokenAudience() {}

    /** Whether the token says that it is for others; an opaque one, or one without {@code aud}, says nothing. */
    public static boolean isAnothers(Secret accessToken, String expected) {
        JsonNode audience =
                JwtPayload.of(accessToken).map(payload -> payload.get("aud")).orElse(null);
        if (audience == null || audience.isNull()) {
            return false;
        }
        return audience.isArray()
                ? StreamSupport.stream(audience.spliterator(), false).noneMatch(one -> expected.equals(one.asText()))
                : !expected.equals(audience.asText());
    }
}
