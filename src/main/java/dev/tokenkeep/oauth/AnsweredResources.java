package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
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
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private AnsweredResources() {}

    /** Returns the addresses; empty if the response has none. */
    static Set<String> of(JsonNode response) {
        JsonNode told = response.path(MEMBER);
        Stream<JsonNode> all = told.isArray() ? StreamSupport.stream(told.spliterator(), false) : Stream.of(told);
        return all.filter(JsonNode::isTextual).map(JsonNode::textValue).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether the response tells that its access token is for other addresses than the one asked for. */
    public static boolean areOthers(TokenResponse response, URI asked) {
        return !response.resources().isEmpty() && response.resources().stream().noneMatch(told -> isSame(told, asked));
    }

    /** Returns whether two addresses are the same, however they are written. */
    public static boolean isSame(String told, URI asked) {
        return normalized(told).equals(normalized(asked.toString()));
    }

    /** Servers write an address in ways of their own: the case of a host, a default port, a slash at the end. */
    private static String normalized(String address) {
        try {
            URI uri = new URI(address).normalize();
            return uri.getHost() == null
                    ? withPath(address)
                    : withPath((uri.getScheme() + "://" + uri.getHost()).toLowerCase(Locale.ROOT)
                            + port(uri)
                            + Objects.requireNonNullElse(uri.getRawPath(), "")
                            + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
        } catch (URISyntaxException e) {
            return withPath(address);
        }
    }

    private static String port(URI uri) {
        boolean usual = uri.getPort() < 0
                || ("https".equalsIgnoreCase(uri.getScheme()) && uri.getPort() == HTTPS)
                || ("http".equalsIgnoreCase(uri.getScheme()) && uri.getPort() == HTTP);
        return usual ? "" : ":" + uri.getPort();
    }

    private static String withPath(String address) {
        return address.endsWith("/") ? address : address + "/";
    }
}
