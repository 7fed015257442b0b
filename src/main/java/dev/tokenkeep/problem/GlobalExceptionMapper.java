package dev.tokenkeep.problem;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/**
 * Maps failures outside our resources' methods to problems: unknown paths, wrong methods and media types. Only in the
 * service: an application that uses the jar answers its own failures.
 */
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class GlobalExceptionMapper {

    /** Listed by their exact types, because Quarkus has its own mappers for these. */
    @ServerExceptionMapper({
        NotFoundException.class,
        UnauthorizedException.class,
        ForbiddenException.class,
        AuthenticationFailedException.class,
        AuthenticationCompletionException.class
    })
    public Response known(Exception failure, UriInfo uri, SimpleResourceInfo call) {
        return any(failure, uri, call);
    }

    @ServerExceptionMapper
    public Response any(Throwable failure, UriInfo uri, SimpleResourceInfo call) {
        Problem problem = ProblemMapper.of(failure, ProblemMapper.name(call));
        return problem.type() == ProblemType.METHOD_NOT_ALLOWED
                ? problem.header("Allow", AllowedMethods.of(uri.getPath())).response()
                : problem.response();
    }
}
