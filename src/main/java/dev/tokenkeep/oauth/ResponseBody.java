package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The members of an answer: JSON, or the form encoding that some servers answer with (CONFORMANCE C). */
final class ResponseBody {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ResponseBody() {}

    /** Empty if it is neither. What the content type claims decides only where the body does not tell. */
    static Optional<JsonNode> members(@Nullable String contentType, byte[] body) {
        Optional<JsonNode> json = json(body);
        boolean html =
                contentType != null && contentType.toLowerCase(Locale.ROOT).contains("html");
        return json.isPresent() || html ? json : form(new String(body, UTF_8));
    }

    private static Optional<JsonNode> json(byte[] body) {
        try {
            return Optional.ofNullable(JSON.readTree(body)).filter(JsonNode::isObject);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> form(String body) {
        // A page may quote an error in its links.
        boolean page = body.stripLeading().startsWith("<");
        if (page || (!body.contains("access_token=") && !body.contains("error="))) {
            return Optional.empty();
        }
        ObjectNode members = JSON.createObjectNode();
        for (String pair : body.strip().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                try {
                    members.put(
                            URLDecoder.decode(pair.substring(0, equals), UTF_8),
                            URLDecoder.decode(pair.substring(equals + 1), UTF_8));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(members);
    }
}
