package dev.tokenkeep.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenkeep.oauth.RequestFormat;
import java.net.URLEncoder;
import java.util.Map;

/** A request's body as it is sent. It holds secrets, so {@link #toString()} prints none of it. */
public record RequestBody(RequestFormat format, String text) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public static RequestBody of(RequestFormat format, Map<String, String> parameters) {
        return switch (format) {
            case FORM -> new RequestBody(format, form(parameters));
            case JSON -> new RequestBody(format, json(parameters));
        };
    }

    /** Encodes the parameters as a form: {@code a=1&b=2}. */
    static String form(Map<String, String> parameters) {
        var form = new StringBuilder();
        parameters.forEach((name, value) -> form.append(form.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, UTF_8)));
        return form.toString();
    }

    private static String json(Map<String, String> parameters) {
        ObjectNode object = JSON.createObjectNode();
        parameters.forEach(object::put);
        return object.toString();
    }

    @Override
    public String toString() {
        return "[request body]";
    }
}
