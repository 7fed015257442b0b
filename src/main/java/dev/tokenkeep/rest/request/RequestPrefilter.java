package dev.tokenkeep.rest.request;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemMetrics;
import dev.tokenkeep.problem.Responses;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Refuses, before anything is read or anybody is looked up, what can't be meant well, and as a problem: the server's own
 * refusals are bare. In the service alone.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class RequestPrefilter {

    private static final int FIRST = 500;
    private static final long LINGER_MILLIS = 500;

    private final ProblemMetrics metrics;

    RequestPrefilter(ProblemMetrics metrics) {
        this.metrics = metrics;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, FIRST);
    }

    private void check(RoutingContext call) {
        tooLarge(call)
                .or(() -> ambiguousCaller(call))
                .or(() -> matrixParameters(call))
                .ifPresentOrElse(problem -> refuse(call, problem), call::next);
    }

    /** One that does not tell its length is refused where it is read. */
    private static Optional<Problem> tooLarge(RoutingContext call) {
        String length = call.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null || Long.parseLong(length) <= Problem.LARGEST_BODY
                ? Optional.empty()
                : Optional.of(ProblemMapper.bodyTooLarge());
    }

    /** Of two credentials somebody between could have looked at the other one (RFC 9110 §5.3). */
    private static Optional<Problem> ambiguousCaller(RoutingContext call) {
        return call.request().headers().getAll(HttpHeaders.AUTHORIZATION).size() <= 1
                ? Optional.empty()
                : Optional.of(Problem.invalid("Authorization", "Authorization: may be there once."));
    }

    /** The router, the resources and whoever stands between need not agree on the path that is left without them. */
    private static Optional<Problem> matrixParameters(RoutingContext call) {
        return call.request().path().indexOf(';') < 0
                ? Optional.empty()
                : Optional.of(Problem.invalid("path", "path: takes no parameters; a semicolon in it is written %3B."));
    }

    /**
     * What is left of the request is thrown away and the connection closed, but not at once: a client that is still sending
     * would see it break, and not the answer (RFC 9112 §9.6).
     */
    private void refuse(RoutingContext call, Problem problem) {
        metrics.answered(problem.type());
        call.request().handler(thrownAway -> {}).resume();
        HttpServerResponse response = call.response();
        problem.headers().forEach(response::putHeader);
        response.setStatusCode(problem.type().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, Responses.NO_STORE)
                .endHandler(ended -> call.vertx()
                        .setTimer(
                                LINGER_MILLIS,
                                timer -> call.request().connection().close()))
                .end(Buffer.buffer(problem.json()));
    }
}
