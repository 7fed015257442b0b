package dev.tokenkeep.problem;

import java.util.Map;
import java.util.regex.Pattern;

/** The methods of each of our paths, for the header {@code Allow} (RFC 9110 §15.5.6), which Quarkus does not set. */
final class AllowedMethods {

    private static final Map<Pattern, String> BY_PATH = Map.of(
            Pattern.compile("/v1/sessions/?"), "GET, HEAD, POST, DELETE, OPTIONS",
            Pattern.compile("/v1/sessions/[^/]+/?"), "GET, HEAD, PUT, DELETE, OPTIONS",
            Pattern.compile("/v1/sessions/[^/]+/(access|id)-token/?"), "GET, HEAD, OPTIONS",
            Pattern.compile("/v1/sessions/[^/]+/refresh/?"), "POST, OPTIONS",
            Pattern.compile("/v1/registrations/?"), "GET, HEAD, OPTIONS",
            Pattern.compile("/v1/registrations/[^/]+/resume/?"), "POST, OPTIONS",
            Pattern.compile("/v1/keys/?"), "GET, HEAD, OPTIONS");

    private AllowedMethods() {}

    static String of(String path) {
        return BY_PATH.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(path).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("OPTIONS");
    }
}
