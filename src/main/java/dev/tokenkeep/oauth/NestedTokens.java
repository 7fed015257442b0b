package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * An answer whose tokens are inside another object.
 *
 * @param whole the answer itself
 * @param inner the object inside, or an empty one
 */
record NestedTokens(JsonNode whole, JsonNode inner) {

    static NestedTokens of(JsonNode answer, ResponseShape shape) {
        JsonNode inner = shape.member().isEmpty() ? JsonNodeFactory.instance.objectNode() : answer;
        for (String name : shape.member()) {
            inner = inner.path(name);
        }
        return new NestedTokens(answer, inner.isObject() ? inner : JsonNodeFactory.instance.objectNode());
    }

    /**
     * The members of the inner object, and what it lacks from the whole: unless both have an access token. That of the whole
     * is another grant's then, and so is all that comes with it.
     */
    JsonNode members() {
        if (text(inner, "access_token") != null && text(whole, "access_token") != null) {
            return inner;
        }
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        whole.properties().forEach(member -> members.set(member.getKey(), member.getValue()));
        inner.properties().stream()
                .filter(member -> !member.getValue().isNull())
                .forEach(member -> members.set(member.getKey(), member.getValue()));
        return members;
    }

    /** Null unless it is a string with something in it: an empty refresh token is none (CONFORMANCE A4). */
    static @Nullable String text(JsonNode object, String member) {
        JsonNode value = object.get(member);
        return value == null || !value.isTextual() || value.textValue().isEmpty() ? null : value.textValue();
    }
}
