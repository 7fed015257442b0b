package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of a response: JSON, or the form encoding that some servers use (CONFORMANCE C). The refresh token
 * was spent for this response, so a wrong Content-Type or an invalid character does not make it unusable.
 */
final class ResponseBody {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([A-Za-z0-9._:+-]{1,40})");

    private ResponseBody() {}

    /**
     * Returns the members; empty if the body is neither JSON nor a form. The content type matters only where the body
     * leaves it open.
     */
    static Optional<JsonNode> members(@Nullable String contentType, byte[] body) {
        Optional<Charset> declared = charset(contentType);
        // RFC 8259 §8.1: JSON is UTF-8, whatever charset is declared. Jackson detects UTF-16 and UTF-32 by their bytes.
        Optional<JsonNode> json = object(() -> JSON.readTree(body))
                .or(() -> object(() -> JSON.readTree(new String(body, declared.orElse(UTF_8)))));
        boolean html =
                contentType != null && contentType.toLowerCase(Locale.ROOT).contains("html");
        return json.isPresent() || html
                ? json
                : declared.flatMap(charset -> form(body, charset)).or(() -> form(body, UTF_8));
    }

    private static Optional<Charset> charset(@Nullable String contentType) {
        Matcher declared = CHARSET.matcher(contentType == null ? "" : contentType);
        try {
            return declared.find() ? Optional.of(Charset.forName(declared.group(1))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private interface Reading {
        @Nullable
        JsonNode read() throws IOException;
    }

    private static Optional<JsonNode> object(Reading reading) {
        try {
            return Optional.ofNullable(reading.read()).filter(JsonNode::isObject);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> form(byte[] body, Charset charset) {
        String text = new String(body, charset).replaceFirst("^\uFEFF", "").strip();
        // An HTML page may have such parameters in its links.
        if (text.startsWith("<") || (!text.contains("access_token=") && !text.contains("error="))) {
            return Optional.empty();
        }
        // In wider encodings single bytes are not text. There percent signs stand for UTF-8 bytes.
        Charset octets = charset.name().startsWith("UTF-") ? UTF_8 : charset;
        ObjectNode members = JSON.createObjectNode();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                try {
                    members.put(
                            URLDecoder.decode(pair.substring(0, equals), octets),
                            URLDecoder.decode(pair.substring(equals + 1), octets));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(members);
    }
}
