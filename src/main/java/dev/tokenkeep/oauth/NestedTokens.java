package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A response whose tokens are inside another object.
 *
 * @param whole the response itself
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
     * Returns the members of the inner object, and from the whole response those that the inner object lacks. If both
     * have an access token, only the inner members are returned: the outer access token and everything with it then
     * belong to another grant.
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

    /**
     * Returns a member's text; null if it is not a string or is empty. An empty refresh token is none (CONFORMANCE A4).
     */
    static @Nullable String text(JsonNode object, String member) {
        JsonNode value = object.get(member);
        return value == null || !value.isTextual() || value.textValue().isEmpty() ? null : value.textValue();
    }
}
