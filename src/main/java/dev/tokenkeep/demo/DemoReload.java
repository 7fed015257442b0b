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
 * Rejects requests that reach an application after it has stopped, such as those that wait for a live reload. They
 * would mix its old classes with the new application's beans.
 */
@Singleton
@IfBuildProfile("dev")
class DemoReload {

    private static final int FILTER_PRIORITY = 1000;
    private static final int STOP_PRIORITY = 5000;

    private volatile boolean stopped;

    void register(@Observes Filters filters) {
        filters.register(this::turnAway, FILTER_PRIORITY);
    }

    void stop(@Observes @Priority(STOP_PRIORITY) ShutdownEvent event) {
        stopped = true;
    }

    private void turnAway(RoutingContext call) {
        if (stopped) {
            call.response()
                    .setStatusCode(503)
                    .putHeader(HttpHeaders.RETRY_AFTER, "1")
                    .end("The application was reloaded; try again\n");
        } else {
            call.next();
        }
    }
}
