package dev.tokenkeep.rest.registrations;

import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.operations.RegistrationStatusService;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.rest.CallerSessions;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.QueryParameters;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Shows operators each registration's state, and ends a pause. Every method reads or writes the database. */
@Path("/v1/registrations")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Registrations", description = "The state of the client registrations")
public class RegistrationsResource {

    private final CallerSessions sessions;
    private final RegistrationStatusService registrations;
    private final RegistrationDetails details;

    RegistrationsResource(
            CallerSessions sessions, RegistrationStatusService registrations, RegistrationDetails details) {
        this.sessions = sessions;
        this.registrations = registrations;
        this.details = details;
    }

    @GET
    @PermissionsAllowed(Permission.Needed.SESSIONS_ADMIN)
    @Operation(
            operationId = "listRegistrations",
            summary = "Shows the state of each registration",
            description = "Only of the registrations that the caller may use. Needs `sessions:admin`.")
    @APIResponse(
            responseCode = "200",
            description = "The registrations, by name",
            content =
                    @Content(
                            schema = @Schema(implementation = RegistrationView.Registrations.class),
                            examples = @ExampleObject(name = "registrations", value = RegistrationExamples.ALL)))
    public Response listRegistrations(UriInfo uri) {
        QueryParameters.of(uri);
        Caller caller = sessions.caller();
        List<RegistrationView> views = registrations.all().stream()
                .filter(state -> caller.mayUse(state.name()))
                .map(RegistrationView::of)
                .toList();
        return Responses.ok(new RegistrationView.Registrations(views));
    }

    @GET
    @Path("{name}")
    @PermissionsAllowed({Permission.Needed.SESSIONS_ADMIN, Permission.Needed.REGISTRATIONS_ADMIN})
    @Operation(
            operationId = "showRegistration",
            summary = "Shows a registration: its state, and its settings with where each comes from",
            description = "Without secrets. Settings that have no value are left out. Needs `sessions:admin` or"
                    + " `registrations:admin`.")
    @APIResponse(
            responseCode = "200",
            description = "The registration",
            content =
                    @Content(
                            schema = @Schema(implementation = RegistrationDetailsView.class),
                            examples = @ExampleObject(name = "registration", value = RegistrationExamples.ONE)))
    @ProblemResponses(ProblemType.REGISTRATION_NOT_FOUND)
    public Response showRegistration(@PathParam("name") String name, UriInfo uri) {
        QueryParameters.of(uri);
        return Responses.ok(Optional.of(name)
                .filter(sessions.caller()::mayUse)
                .flatMap(details::of)
                .orElseThrow(RegistrationDetails::notFound));
    }

    @POST
    @Path("{name}/resume")
    @PermissionsAllowed(Permission.Needed.SESSIONS_ADMIN)
    @Operation(
            operationId = "resumeRegistration",
            summary = "Ends the pause of a registration",
            description = "For operators who have fixed what the authorization server refused. Does nothing if the"
                    + " registration is not paused. Needs `sessions:admin`.")
    @APIResponse(responseCode = "204", description = "The registration is not paused")
    @ProblemResponses(ProblemType.REGISTRATION_NOT_FOUND)
    public Response resumeRegistration(@PathParam("name") String name, UriInfo uri) {
        QueryParameters.of(uri);
        if (!sessions.caller().mayUse(name) || !registrations.resume(name)) {
            throw RegistrationDetails.notFound();
        }
        return Responses.nothing();
    }

    @ServerExceptionMapper
    public Response problem(Throwable failure, SimpleResourceInfo call) {
        return ProblemMapper.of(failure, ProblemMapper.name(call)).response();
    }
}
