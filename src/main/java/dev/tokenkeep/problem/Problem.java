package dev.tokenkeep.problem;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One failure as it is answered (RFC 9457). It never quotes what was sent.
 *
 * @param members besides the standard ones
 * @param headers besides those that every answer has
 */
public record Problem(ProblemType type, String detail, Map<String, String> members, Map<String, String> headers) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /** The most bytes that a request's body may have. */
    public static final int LARGEST_BODY = 256 * 1024;

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Map.of(), Map.of());
    }

    /** 400, the culprit named by its path in the body, or as a query parameter; empty for the body as a whole. */
    public static Problem invalid(String member, String detail) {
        return new Problem(ProblemType.INVALID_REQUEST, detail, Map.of("member", member), Map.of());
    }

    Problem with(String member, String value) {
        return new Problem(type, detail, Map.of(member, value), headers);
    }

    Problem header(String name, String value) {
        return new Problem(type, detail, members, Map.of(name, value));
    }

    /** In whole seconds, rounded up, at least one. */
    public Problem retryAfter(Duration wait) {
        long seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
        return header(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }

    public byte[] json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("type", type.urn());
        json.put("title", type.title());
        json.put("status", type.status());
        json.put("detail", detail);
        json.putAll(members);
        return Json.bytes(json);
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
