package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The member {@code resource} of a token response: the addresses that the access token is for
 * (draft-mcguinness-oauth-resource-token-resp). Few servers send it. One that does may have ignored what was asked for, and
 * says so here (CONFORMANCE G32).
 */
public final class AnsweredResources {

    private static final String MEMBER = "resource";

    private AnsweredResources() {}

    /** Returns the addresses; empty if the response has none. */
    static Set<String> of(JsonNode response) {
        JsonNode told = response.path(MEMBER);
        Stream<JsonNode> all = told.isArray() ? StreamSupport.stream(told.spliterator(), false) : Stream.of(told);
        return all.filter(JsonNode::isTextual).map(JsonNode::textValue).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether the response tells that its access token is for other addresses than the one asked for. */
    public static boolean areOthers(TokenResponse response, URI asked) {
        return !response.resources().isEmpty()
                && response.resources().stream()
                        .noneMatch(told -> withPath(told).equals(withPath(asked.toString())));
    }

    /** The root of a server is written with a slash or without (RFC 3986 §6.2.3). */
    private static String withPath(String address) {
        return address.endsWith("/") ? address : address + "/";
    }
}
