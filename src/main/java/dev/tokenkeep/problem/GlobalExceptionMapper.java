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
 * Problems for whatever fails outside our resources' methods: unknown paths, wrong methods and media types. In the service
 * alone: an application that has the jar answers its own failures.
 */
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class GlobalExceptionMapper {

    /** By their exact types, because Quarkus has mappers of its own for these. */
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
