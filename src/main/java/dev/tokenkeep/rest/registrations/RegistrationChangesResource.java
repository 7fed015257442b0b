package dev.tokenkeep.rest.registrations;

import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.registration.added.RegistrationChange;
import dev.tokenkeep.registration.added.RegistrationChanges;
import dev.tokenkeep.registration.registering.ClientRegistrar;
import dev.tokenkeep.registration.registering.ClientRegistrationResult;
import dev.tokenkeep.rest.CallerSessions;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.rest.request.QueryParameters;
import dev.tokenkeep.signin.ConnectAddress;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/** Adds, changes and removes registrations without a restart. Every method writes the database. */
@Path("/v1/registrations")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Registrations")
public class RegistrationChangesResource {

    private final CallerSessions sessions;
    private final RegistrationChanges changes;
    private final RegistrationDetails details;
    private final CurrentCall call;
    private final ClientRegistrar clients;
    private final ConnectAddress connect;

    RegistrationChangesResource(
            CallerSessions sessions,
            RegistrationChanges changes,
            RegistrationDetails details,
            CurrentCall call,
            ClientRegistrar clients,
            ConnectAddress connect) {
        this.sessions = sessions;
        this.changes = changes;
        this.details = details;
        this.call = call;
        this.clients = clients;
        this.connect = connect;
    }

    @PUT
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Permission.Needed.REGISTRATIONS_ADMIN)
    @Operation(
            operationId = "putRegistration",
            summary = "Adds a registration, or replaces its settings",
            description =
                    "The settings have the keys of the configuration, below `tokenkeep.registrations.<name>`. All"
                            + " of them are replaced; secrets are never returned. All replicas use them within two"
                            + " seconds. While it has sessions, its client and the addresses that get tokens cannot change."
                            + " With `register_client`, Tokenkeep registers a new client at the authorization server. Needs `registrations:admin`.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = NewSettings.class),
                            examples = {
                                @ExampleObject(name = "settings", value = RegistrationExamples.NEW),
                                @ExampleObject(name = "register_client", value = RegistrationExamples.REGISTERED)
                            }))
    @APIResponse(
            responseCode = "201",
            description = "The registration was added",
            content =
                    @Content(
                            schema = @Schema(implementation = RegistrationDetailsView.class),
                            examples = @ExampleObject(name = "added", value = RegistrationExamples.ADDED)))
    @APIResponse(
            responseCode = "200",
            description = "Its settings were replaced, or it had them already",
            content =
                    @Content(
                            schema = @Schema(implementation = RegistrationDetailsView.class),
                            examples = @ExampleObject(name = "replaced", value = RegistrationExamples.ADDED)))
    @ProblemResponses({
        ProblemType.CLIENT_REGISTRATION_REFUSED,
        ProblemType.REGISTRATION_CONFIGURED,
        ProblemType.REGISTRATION_IN_USE,
        ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE
    })
    public Response putRegistration(@PathParam("name") String name, InputStream body, UriInfo uri) {
        QueryParameters.of(uri);
        Caller caller = sessions.caller();
        if (!caller.mayUse(name)) {
            throw Problem.of(ProblemType.FORBIDDEN, "This caller may not use a registration of this name.")
                    .thrown();
        }
        call.aboutRegistration(name);
        NewSettings settings = NewSettings.read(body);
        RegisterClient client = settings.registerClient();
        if (client == null) {
            return answer(name, settings, changes.put(name, settings.settings(), caller.name()), null);
        }
        ClientRegistrationResult result =
                clients.put(name, settings.settings(), client.client(connect.callbackIfAny(name)), caller.name());
        if (!(result instanceof ClientRegistrationResult.Done done)) {
            throw RegistrationProblems.of(result);
        }
        return answer(name, settings, done.change(), done.secretExpiresAt());
    }

    private Response answer(
            String name, NewSettings settings, RegistrationChange change, @Nullable Instant secretExpiresAt) {
        if (!(change instanceof RegistrationChange.Put put)) {
            throw RegistrationProblems.of(change, settings);
        }
        RegistrationDetailsView view =
                details.of(name).orElseThrow(RegistrationDetails::notFound).withSecretUntil(secretExpiresAt);
        return Responses.json(put.added() ? 201 : 200, view).build();
    }

    @DELETE
    @Path("{name}")
    @PermissionsAllowed(Permission.Needed.REGISTRATIONS_ADMIN)
    @Operation(
            operationId = "removeRegistration",
            summary = "Removes a registration",
            description =
                    "Its sessions stay, and are not refreshed. With `sessions=remove` they are removed too, in the"
                            + " background, and their refresh tokens are revoked. Needs `registrations:admin`.")
    @Parameter(
            name = "sessions",
            in = ParameterIn.QUERY,
            description = "`keep` (the default) or `remove`",
            schema = @Schema(type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.STRING))
    @APIResponse(responseCode = "204", description = "There is no such registration any more")
    @ProblemResponses({
        ProblemType.REGISTRATION_NOT_FOUND,
        ProblemType.REGISTRATION_CONFIGURED,
        ProblemType.REGISTRATION_IN_USE,
        ProblemType.KEY_UNAVAILABLE
    })
    public Response removeRegistration(@PathParam("name") String name, UriInfo uri) {
        boolean withSessions = QueryParameters.of(uri, "sessions").removesSessions();
        Caller caller = sessions.caller();
        if (!caller.mayUse(name)) {
            throw RegistrationDetails.notFound();
        }
        call.aboutRegistration(name);
        RegistrationChange change = changes.remove(name, withSessions, caller.name());
        if (!(change instanceof RegistrationChange.Removed)) {
            throw RegistrationProblems.of(change, NewSettings.NONE);
        }
        return Responses.nothing();
    }

    @ServerExceptionMapper
    public Response problem(Throwable failure, SimpleResourceInfo call) {
        return ProblemMapper.of(failure, ProblemMapper.name(call)).response();
    }
}
