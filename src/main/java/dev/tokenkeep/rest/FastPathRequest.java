package dev.tokenkeep.rest;

import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.tokens.SubjectSessions;
import dev.tokenkeep.tokens.SubjectSessions.Whose;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A read of an access token in its usual form. Nothing in it has to be refused or interpreted. */
record FastPathRequest(Wanted wanted, Duration minTtl, String authorization) {

    /** The session whose token is read. */
    sealed interface Wanted {

        /** Returns its id; null if that has to be looked up in the database. */
        @Nullable
        String id(Caller caller, SubjectSessions subjects);
    }

    /** By its id. */
    record ById(String id) implements Wanted {

        @Override
        public String id(Caller caller, SubjectSessions subjects) {
            return id;
        }
    }

    /** By whose it is. */
    record BySubject(String registration, String subject) implements Wanted {

        @Override
        public @Nullable String id(Caller caller, SubjectSessions subjects) {
            return subjects.remembered(new Whose(caller.owners(), registration, subject));
        }
    }

    private static final String BEFORE = "/v1/sessions/";
    private static final String AFTER = "/access-token";
    private static final String BY_SUBJECT = "/v1/access-token";
    private static final Set<String> PARAMETERS = Set.of("registration", "subject", "min_ttl");
    private static final String MIN_TTL = "min_ttl=";
    /** No sensible value has more digits. A longer one is left to the resource. */
    private static final int MAX_DIGITS = 9;

    /** Returns null for any other request. */
    static @Nullable FastPathRequest of(HttpServerRequest request) {
        String path = request.path();
        if (path == null || !path.endsWith(AFTER) || !HttpMethod.GET.equals(request.method())) {
            return null;
        }
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || hasBody(request) || !takesJson(request)) {
            return null;
        }
        if (path.equals(BY_SUBJECT)) {
            return bySubject(request, authorization);
        }
        return path.startsWith(BEFORE) ? byId(path, request.query(), authorization) : null;
    }

    private static @Nullable FastPathRequest byId(String path, @Nullable String query, String authorization) {
        String id = path.substring(BEFORE.length(), Math.max(BEFORE.length(), path.length() - AFTER.length()));
        Duration minTtl = minTtl(query);
        return minTtl == null || !CallerSessions.isId(id)
                ? null
                : new FastPathRequest(new ById(id), minTtl, authorization);
    }

    private static @Nullable FastPathRequest bySubject(HttpServerRequest request, String authorization) {
        Map<String, List<String>> query;
        try {
            query = new QueryStringDecoder(request.uri()).parameters();
        } catch (IllegalArgumentException e) {
            // Such as half of an escape sequence.
            return null;
        }
        if (!PARAMETERS.containsAll(query.keySet())) {
            return null;
        }
        String registration = only(query.get("registration"));
        String subject = only(query.get("subject"));
        Duration minTtl = query.containsKey("min_ttl") ? minTtl(MIN_TTL + only(query.get("min_ttl"))) : Duration.ZERO;
        return registration == null || subject == null || minTtl == null
                ? null
                : new FastPathRequest(new BySubject(registration, subject), minTtl, authorization);
    }

    /** Returns null if there is none, or more than one. */
    private static @Nullable String only(@Nullable List<String> values) {
        return values != null && values.size() == 1 ? values.get(0) : null;
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
