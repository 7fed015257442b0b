package dev.tokenkeep.tokenendpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenkeep.registration.RequestFormat;
import java.util.Map;

/** A request's body as it is written. Holds secrets, so it prints as nothing. */
record RequestBody(RequestFormat format, String text) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static RequestBody of(RequestFormat format, Map<String, String> parameters) {
        return switch (format) {
            case FORM -> new RequestBody(format, ClientAuthenticator.form(parameters));
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
