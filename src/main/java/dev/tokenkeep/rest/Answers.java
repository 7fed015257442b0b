package dev.tokenkeep.rest;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;

/** What is common to all answers: our JSON, and that nobody keeps them (RFC 6749 §5.1). */
final class Answers {

    static final String NO_STORE = "no-store";

    private Answers() {}

    static ResponseBuilder uncached(int status) {
        return Response.status(status).header(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }

    static ResponseBuilder json(int status, Object view) {
        return uncached(status).type(MediaType.APPLICATION_JSON_TYPE).entity(Json.bytes(view));
    }

    static Response ok(Object view) {
        return json(200, view).build();
    }

    static Response nothing() {
        return uncached(204).build();
    }
}
