package dev.tokenkeep.problem;

import java.util.Map;
import java.util.regex.Pattern;

/** The methods of each of our paths, for the header {@code Allow} (RFC 9110 §15.5.6), which Quarkus does not set. */
final class AllowedMethods {

    private static final String READ = "GET, HEAD, OPTIONS";
    private static final String POST = "POST, OPTIONS";

    private static final Map<Pattern, String> BY_PATH = Map.ofEntries(
            entry("/v1/sessions/?", "GET, HEAD, POST, DELETE, OPTIONS"),
            entry("/v1/sessions/import/?", POST),
            entry("/v1/sessions/(?!import/?$)[^/]+/?", "GET, HEAD, PUT, DELETE, OPTIONS"),
            entry("/v1/sessions/[^/]+/(access|id)-token/?", READ),
            entry("/v1/sessions/[^/]+/refresh/?", POST),
            entry("/v1/sessions/[^/]+/dpop-proof/?", POST),
            entry("/v1/authorizations/?", POST),
            entry("/v1/authorizations/[^/]+/?", READ),
            entry("/v1/authorizations/[^/]+/(completion|confirmation)/?", POST),
            entry("/v1/registrations/?", READ),
            entry("/v1/registrations/[^/]+/?", "GET, HEAD, PUT, DELETE, OPTIONS"),
            entry("/v1/registrations/[^/]+/resume/?", POST),
            entry("/v1/access-token/?", READ),
            entry("/v1/keys/?", READ),
            entry("/oauth2/token/?", POST),
            entry("/\\.well-known/oauth-authorization-server(/.*)?", READ));

    private static Map.Entry<Pattern, String> entry(String path, String methods) {
        return Map.entry(Pattern.compile(path), methods);
    }

    private AllowedMethods() {}

    static String of(String path) {
        return BY_PATH.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(path).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("OPTIONS");
    }
}
