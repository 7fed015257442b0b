package dev.tokenkeep.rest;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Refuses a body that says of itself that it is too large, before it is read, and as a problem: the server's own refusal,
 * which holds for those that do not say so, is bare.
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
        if (length == null || length.length() < 7 && Integer.parseInt(length) <= RequestBody.LARGEST) {
            call.next();
            return;
        }
        call.response()
                .setStatusCode(413)
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(ServiceProblems.problem(413).json());
    }
}
