package dev.tokenkeep.demo;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Turns requests away that reach an application after it has stopped, as those do that wait for a live reload: they would
 * put its old classes among the new application's beans.
 */
@Singleton
@IfBuildProfile("dev")
class DemoReload {

    private static final int FIRST = 1000;
    private static final int LAST = 5000;

    private volatile boolean stopped;

    void register(@Observes Filters filters) {
        filters.register(this::turnAway, FIRST);
    }

    void stop(@Observes @Priority(LAST) ShutdownEvent event) {
        stopped = true;
    }

    private void turnAway(RoutingContext call) {
        if (stopped) {
            call.response()
                    .setStatusCode(503)
                    .putHeader(HttpHeaders.RETRY_AFTER, "1")
                    .end("Reloaded meanwhile: try again\n");
        } else {
            call.next();
        }
    }
}
