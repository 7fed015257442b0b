package dev.tokenkeep.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error as it is answered (RFC 9457).
 *
 * @param type the last part of its URN
 * @param member the culprit in the request, or the code of the cause; null if there is none to name
 */
record Problem(
        int status,
        String type,
        String title,
        String detail,
        @Nullable String memberName,
        @Nullable String member,
        @Nullable Duration retryAfter) {

    static final String MEDIA_TYPE = "application/problem+json";
    private static final String URN = "urn:tokenkeep:problem:";
    private static final ObjectMapper JSON = new ObjectMapper();

    static Problem invalid(String member, String detail) {
        return new Problem(400, "invalid-request", "The request is not valid", detail, "member", member, null);
    }

    static Problem of(int status, String type, String title, String detail) {
        return new Problem(status, type, title, detail, null, null, null);
    }

    static Problem forbidden(String detail) {
        return of(403, "forbidden", "The caller may not do this", detail);
    }

    static Problem sessionNotFound() {
        return of(404, "session-not-found", "There is no such session", "No session of this caller has this id.");
    }

    Problem withCode(String code) {
        return new Problem(status, type, title, detail, "code", code, retryAfter);
    }

    Problem after(Duration wait) {
        return new Problem(status, type, title, detail, memberName, member, wait);
    }

    String json() {
        ObjectNode body = JSON.createObjectNode()
                .put("type", URN + type)
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        if (memberName != null) {
            body.put(memberName, member);
        }
        return body.toString();
    }

    Response response() {
        Response.ResponseBuilder response = Response.status(status)
                .type(MediaType.valueOf(MEDIA_TYPE))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(json());
        if (retryAfter != null) {
            response.header(
                    HttpHeaders.RETRY_AFTER,
                    Math.max(1, retryAfter.plusMillis(999).toSeconds()));
        }
        return response.build();
    }
}
