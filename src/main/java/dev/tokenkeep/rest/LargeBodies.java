package dev.tokenkeep.rest;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Refuses a body that says of itself that it is too large, before it is read, and as a problem: the server's own refusal
 * is bare. In the service alone; one that does not say so is refused where it is read.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class LargeBodies {

    private static final int FIRST = 500;

    void register(@Observes Filters filters) {
        filters.register(LargeBodies::refuse, FIRST);
    }

    private static void refuse(RoutingContext call) {
        String length = call.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null || Long.parseLong(length) <= RequestBody.LARGEST) {
            call.next();
            return;
        }
        Problem problem = Problems.bodyTooLarge();
        HttpServerResponse response = call.response();
        problem.headers().forEach(response::putHeader);
        response.setStatusCode(problem.type().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, Answers.NO_STORE)
                .endHandler(ended -> call.request().connection().close())
                .end(Buffer.buffer(problem.json()));
    }
}
