package dev.tokenkeep.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.oauth.Secret;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the authorization server sent the browser back with (RFC 6749 §4.1.2). Nothing in it is trusted yet. It holds the
 * authorization code, so {@link #toString()} prints none of it.
 */
record Callback(
        @Nullable Secret state,
        @Nullable Secret code,
        @Nullable String error,
        @Nullable String issuer) {

    private static final int MAX_LENGTH = 16 * 1024;
    private static final Set<String> READ = Set.of("state", "code", "error", "iss");

    /** What an error code may look like; anything else may be a token (RFC 6749 §4.1.2.1). */
    private static final Pattern ERROR = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");

    /** A callback that cannot be the response to this sign-in. The code says why. */
    static final class Unreadable extends RuntimeException {

        private final String code;

        Unreadable(String code) {
            super(code, null, false, false);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    /**
     * Reads the address that the browser came to.
     *
     * @param redirectUri what it has to begin with, to the letter
     * @throws Unreadable if it is not one
     */
    static Callback of(String url, String redirectUri) {
        if (url.length() > MAX_LENGTH) {
            throw new Unreadable("callback_too_long");
        }
        // Some servers add a fragment, which no browser sends; callers that read the address bar do.
        String whole = url.contains("#") ? url.substring(0, url.indexOf('#')) : url;
        String begin = redirectUri + (redirectUri.contains("?") ? "&" : "?");
        if (!whole.startsWith(begin)) {
            throw new Unreadable("other_redirect_uri");
        }
        return ofQuery(whole.substring(begin.length()));
    }

    /**
     * Reads the query of a callback, or a form that was posted to it.
     *
     * @throws Unreadable if it is not one
     */
    static Callback ofQuery(String query) {
        if (query.length() > MAX_LENGTH) {
            throw new Unreadable("callback_too_long");
        }
        Map<String, String> parameters = parameters(query);
        return new Callback(
                Secret.ofNullable(parameters.get("state")),
                Secret.ofNullable(parameters.get("code")),
                error(parameters.get("error")),
                parameters.get("iss"));
    }

    private static Map<String, String> parameters(String query) {
        var parameters = new HashMap<String, String>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            // RFC 6749 §3.1: a parameter without a value counts as left out, and none may come twice.
            if (READ.contains(name) && !value.isEmpty() && parameters.put(name, value) != null) {
                throw new Unreadable(name + "_repeated");
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Unreadable("malformed_encoding");
        }
    }

    private static @Nullable String error(@Nullable String told) {
        return told == null || ERROR.matcher(told).matches() ? told : "unreadable_error";
    }

    @Override
    public String toString() {
        return "[callback]";
    }
}
