package dev.tokenkeep.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenkeep.oauth.FormEncoding;
import dev.tokenkeep.oauth.RequestFormat;
import java.util.Map;

/** A request's body as it is sent. It holds secrets, so {@link #toString()} prints none of it. */
public record RequestBody(RequestFormat format, String text) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public static RequestBody of(RequestFormat format, Map<String, String> parameters) {
        return switch (format) {
            case FORM -> new RequestBody(format, FormEncoding.of(parameters));
            case JSON -> new RequestBody(format, json(parameters));
        };
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
