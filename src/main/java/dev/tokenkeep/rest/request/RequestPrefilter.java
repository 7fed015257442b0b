package dev.tokenkeep.rest.request;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemMetrics;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.rest.request.ProblemFormat.Formatted;
import io.quarkus.arc.All;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Refuses oversized and ambiguous requests before the body is read and the caller is authenticated. Returns a problem,
 * because the server's own refusals have no body. Only in the service.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class RequestPrefilter {

    private static final int PRIORITY = 500;
    private static final long LINGER_MILLIS = 500;
    /** Its body is read line by line, and only the lines have a limit. */
    private static final String IMPORT = "/v1/sessions/import";

    private final ProblemMetrics metrics;
    private final List<ProblemFormat> formats;

    RequestPrefilter(ProblemMetrics metrics, @All List<ProblemFormat> formats) {
        this.metrics = metrics;
        this.formats = formats;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext call) {
        tooLarge(call)
                .or(() -> ambiguousCaller(call))
                .or(() -> matrixParameters(call))
                .ifPresentOrElse(problem -> refuse(call, problem), call::next);
    }

    /** A body without a declared length is refused where it is read. */
    private static Optional<Problem> tooLarge(RoutingContext call) {
        String length = call.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null
                        || Long.parseLong(length) <= Problem.MAX_BODY
                        || call.request().path().equals(IMPORT)
                ? Optional.empty()
                : Optional.of(ProblemMapper.bodyTooLarge());
    }

    /** With two credentials, a proxy could have checked the other one (RFC 9110 §5.3). */
    private static Optional<Problem> ambiguousCaller(RoutingContext call) {
        return call.request().headers().getAll(HttpHeaders.AUTHORIZATION).size() <= 1
                ? Optional.empty()
                : Optional.of(Problem.invalid("Authorization", "Authorization: must not be given more than once."));
    }

    /** Without matrix parameters, the router, the resources and a proxy could see different paths. */
    private static Optional<Problem> matrixParameters(RoutingContext call) {
        return call.request().path().indexOf(';') < 0
                ? Optional.empty()
                : Optional.of(Problem.invalid("path", "path: must have no parameters; write a semicolon as %3B."));
    }

    /**
     * Discards the rest of the request and closes the connection after a delay. Without the delay, a client that is
     * still sending would see a broken connection and not the response (RFC 9112 §9.6).
     */
    private void refuse(RoutingContext call, Problem problem) {
        metrics.answered(problem.type());
        call.request().handler(thrownAway -> {}).resume();
        Formatted formatted = formats.stream()
                .filter(format -> format.isFor(call.request().path()))
                .findFirst()
                .map(format -> format.format(problem))
                .orElseGet(() -> new Formatted(problem.type().status(), Problem.MEDIA_TYPE, problem.json()));
        HttpServerResponse response = call.response();
        problem.headers().forEach(response::putHeader);
        response.setStatusCode(formatted.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, formatted.mediaType())
                .putHeader(HttpHeaders.CACHE_CONTROL, Responses.NO_STORE)
                .endHandler(ended -> call.vertx()
                        .setTimer(
                                LINGER_MILLIS,
                                timer -> call.request().connection().close()))
                .end(Buffer.buffer(formatted.body()));
    }
}
