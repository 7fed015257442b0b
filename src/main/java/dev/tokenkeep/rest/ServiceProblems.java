package dev.tokenkeep.rest;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Locale;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * The errors that no call of ours has made, as problems too. In the service alone: an application that the jar is part of
 * answers these in its own way.
 */
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class ServiceProblems {

    @ServerExceptionMapper
    Response web(WebApplicationException failure, UriInfo uri) {
        int status = failure.getResponse().getStatus();
        Response answer = problem(status).response();
        return status == 405
                ? Response.fromResponse(answer)
                        .header(HttpHeaders.ALLOW, allowed(uri.getPath()))
                        .build()
                : answer;
    }

    /** RFC 9110 §15.5.6 wants them told; the exception does not know them. */
    private static String allowed(String path) {
        if (path.endsWith("/v1/sessions")) {
            return "DELETE, GET, POST";
        }
        if (path.endsWith("/refresh") || path.endsWith("/resume")) {
            return "POST";
        }
        return path.matches(".*/v1/sessions/[^/]+") ? "DELETE, GET, PUT" : "GET";
    }

    @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
    Response unauthorized() {
        return Response.fromResponse(problem(401).response())
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build();
    }

    @ServerExceptionMapper(ForbiddenException.class)
    Response forbidden() {
        return problem(403).response();
    }

    @ServerExceptionMapper
    Response other(RuntimeException failure) {
        return Problems.of(failure).response();
    }

    static Problem problem(int status) {
        return switch (status) {
            case 401 ->
                Problem.of(
                        401, "unauthorized", "The caller is not known", "A valid JWT is required as a Bearer token.");
            case 403 -> Problem.forbidden("The caller has no permission for this call.");
            case 404 -> Problem.of(404, "not-found", "There is nothing here", "No call has this path.");
            case 405 ->
                Problem.of(
                        405,
                        "method-not-allowed",
                        "The path has no such method",
                        "See the Allow header for those it has.");
            case 406 -> Problem.of(406, "not-acceptable", "There is no such media type", "Answers are JSON.");
            case 413 -> Problem.of(413, "body-too-large", "The body is too large", "A body may have 256 KiB.");
            case 415 ->
                Problem.of(
                        415,
                        "unsupported-media-type",
                        "The body's media type is not supported",
                        "Send application/json.");
            default ->
                status < 500
                        ? Problem.of(status, "bad-request", "The request can't be understood", reason(status))
                        : Problem.of(500, "internal-error", "This should not have happened", "The log tells what did.");
        };
    }

    private static String reason(int status) {
        Response.Status known = Response.Status.fromStatusCode(status);
        return known == null
                ? "Status " + status + "."
                : known.getReasonPhrase().toLowerCase(Locale.ROOT) + ".";
    }
}
