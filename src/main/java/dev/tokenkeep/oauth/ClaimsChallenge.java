package dev.tokenkeep.oauth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code claims} of an error response, by which Entra says which policy the user has not met yet (CONFORMANCE
 * H18). They are passed on, so everything in them must be too short to be a token.
 */
final class ClaimsChallenge {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int MAX_LENGTH = 2_000;
    private static final Pattern SHORT = Pattern.compile("[\\w:/. -]{0,64}");

    private ClaimsChallenge() {}

    /** Returns the claims as JSON; null if there are none that can be passed on. */
    static @Nullable String of(JsonNode answer) {
        String claims = answer.path("claims").textValue();
        if (claims == null || claims.length() > MAX_LENGTH) {
            return null;
        }
        try {
            JsonNode read = JSON.readTree(claims);
            return read.isObject() && isShort(read) ? read.toString() : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static boolean isShort(JsonNode node) {
        for (var names = node.fieldNames(); names.hasNext(); ) {
            if (!SHORT.matcher(names.next()).matches()) {
                return false;
            }
        }
        for (JsonNode member : node) {
            if (!isShort(member)) {
                return false;
            }
        }
        return node.isContainerNode() || SHORT.matcher(node.asText()).matches();
    }
}
