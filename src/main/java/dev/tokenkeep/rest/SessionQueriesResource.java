package dev.tokenkeep.rest;

import static dev.tokenkeep.problem.ProblemType.SESSION_NOT_FOUND;

import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.QueryParameters;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Shows and lists sessions, without their tokens. Every method reads from the database. */
@Path("/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Sessions")
public class SessionQueriesResource {

    private final CallerSessions own;
    private final SessionService sessions;

    SessionQueriesResource(CallerSessions own, SessionService sessions) {
        this.own = own;
        this.sessions = sessions;
    }

    @GET
    @Path("{id}")
    @PermissionsAllowed(Permission.Needed.SESSIONS_READ)
    @Operation(
            operationId = "showSession",
            summary = "Shows a session",
            description = "Does not show its tokens. Needs `sessions:read`.")
    @APIResponse(
            responseCode = "200",
            description = "The session",
            content =
                    @Content(
                            schema = @Schema(implementation = SessionView.class),
                            examples = {
                                @ExampleObject(name = "session", value = Examples.SESSION),
                                @ExampleObject(name = "failing session", value = Examples.FAILING_SESSION)
                            }))
    @ProblemResponses(SESSION_NOT_FOUND)
    public Response showSession(@PathParam("id") String id, UriInfo uri) {
        QueryParameters.of(uri);
        return Responses.ok(SessionView.of(own.require(id)));
    }

    @GET
    @PermissionsAllowed(Permission.Needed.SESSIONS_READ)
    @Operation(
            operationId = "listSessions",
            summary = "Lists the caller's sessions",
            description = "Sorted by id, one page at a time. Needs `sessions:read`.")
    @Parameter(name = "subject", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING, maxLength = 255))
    @Parameter(name = "registration", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "status",
            in = ParameterIn.QUERY,
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"ACTIVE", "REAUTHENTICATION_REQUIRED", "USER_ACTION_REQUIRED", "QUARANTINED"
                            }))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "The highest number of sessions in a page",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "500", defaultValue = "100"))
    @Parameter(
            name = "after",
            in = ParameterIn.QUERY,
            description = "The `next` of the previous page",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "A page of sessions",
            content =
                    @Content(
                            schema = @Schema(implementation = SessionPageView.class),
                            examples = @ExampleObject(name = "page", value = Examples.SESSION_PAGE)))
    public Response listSessions(UriInfo uri) {
        return Responses.ok(SessionPageView.of(sessions.page(SessionQueryParser.of(uri, own))));
    }

    @ServerExceptionMapper
    public Response problem(Throwable failure, SimpleResourceInfo call) {
        return ProblemMapper.of(failure, ProblemMapper.name(call)).response();
    }
}
