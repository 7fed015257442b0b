package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;

/**
 * Checks the audience of an access token that is a JWT (RFC 9068). Some authorization servers silently ignore an
 * audience that they do not know and issue a token for another one (CONFORMANCE B9). Nothing is verified; the resource
 * server does that.
 */
public final class AccessTokenAudience {

    private AccessTokenAudience() {}

    /** Returns whether the token is for other audiences; false for an opaque token or one without {@code aud}. */
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
