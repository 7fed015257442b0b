package dev.tokenkeep.rest;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A read of an access token in its usual form. Nothing in it has to be refused or interpreted. */
record FastPathRequest(String id, Duration minTtl, String authorization) {

    private static final String BEFORE = "/v1/sessions/";
    private static final String AFTER = "/access-token";
    private static final String MIN_TTL = "min_ttl=";
    /** No sensible value has more digits. A longer one is left to the resource. */
    private static final int MAX_DIGITS = 9;

    /** Returns null for any other request. */
    static @Nullable FastPathRequest of(HttpServerRequest request) {
        String path = request.path();
        if (path == null
                || !path.startsWith(BEFORE)
                || !path.endsWith(AFTER)
                || !HttpMethod.GET.equals(request.method())) {
            return null;
        }
        String id = path.substring(BEFORE.length(), Math.max(BEFORE.length(), path.length() - AFTER.length()));
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        Duration minTtl = minTtl(request.query());
        if (minTtl == null || authorization == null || !CallerSessions.isId(id)) {
            return null;
        }
        return hasBody(request) || !takesJson(request) ? null : new FastPathRequest(id, minTtl, authorization);
    }

    private static boolean hasBody(HttpServerRequest request) {
        return request.getHeader(HttpHeaders.CONTENT_LENGTH) != null
                || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    private static boolean takesJson(HttpServerRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept == null || accept.equals("*/*") || accept.equals("application/json");
    }

    private static @Nullable Duration minTtl(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return Duration.ZERO;
        }
        int digits = query.length() - MIN_TTL.length();
        if (!query.startsWith(MIN_TTL) || digits < 1 || digits > MAX_DIGITS) {
            return null;
        }
        int seconds = 0;
        for (int at = MIN_TTL.length(); at < query.length(); at++) {
            int digit = query.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            seconds = seconds * 10 + digit;
        }
        return Duration.ofSeconds(seconds);
    }
}
