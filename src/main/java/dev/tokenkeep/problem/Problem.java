package dev.tokenkeep.problem;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A failure as the API returns it (RFC 9457). It never quotes the request.
 *
 * @param members in addition to the standard ones
 * @param headers in addition to those of every response
 */
public record Problem(ProblemType type, String detail, Map<String, String> members, Map<String, String> headers)
        implements ReportedProblem {

    public static final String MEDIA_TYPE = "application/problem+json";

    /** The maximum size of a request body, in bytes. */
    public static final int MAX_BODY = 256 * 1024;

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Map.of(), Map.of());
    }

    /** Returns a 400. The member is a path in the body or a query parameter; empty for the body as a whole. */
    public static Problem invalid(String member, String detail) {
        return new Problem(ProblemType.INVALID_REQUEST, detail, Map.of("member", member), Map.of());
    }

    /** Returns the same problem with one additional member. */
    public Problem with(String member, String value) {
        var more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(type, detail, Collections.unmodifiableMap(more), headers);
    }

    public Problem header(String name, String value) {
        return new Problem(type, detail, members, Map.of(name, value));
    }

    /** Sets {@code Retry-After} in whole seconds, rounded up, at least one. */
    public Problem retryAfter(Duration wait) {
        long seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
        return header(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }

    public byte[] json() {
        return Json.bytes(view());
    }

    /** Returns its members as they are written. */
    public Map<String, Object> view() {
        var json = new LinkedHashMap<String, Object>();
        json.put("type", type.urn());
        json.put("title", type.title());
        json.put("status", type.status());
        json.put("detail", detail);
        json.putAll(members);
        return Collections.unmodifiableMap(json);
    }

    public Response response() {
        Response.ResponseBuilder response =
                Responses.uncached(type.status()).type(MEDIA_TYPE).entity(this);
        headers.forEach(response::header);
        return response.build();
    }

    public ProblemException thrown() {
        return new ProblemException(this);
    }
}
