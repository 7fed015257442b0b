package dev.tokenkeep.rest;

import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.keyring.KeyStates;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.QueryParameters;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Shows operators the key ring and the progress of a rotation. */
@Path("/v1/keys")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Keys", description = "The keys that encrypt the stored tokens")
public class KeysResource {

    private static final Duration COUNTED = Duration.ofSeconds(10);

    private final KeyStates states;

    KeysResource(KeyStates states) {
        this.states = states;
    }

    @GET
    @PermissionsAllowed(Permission.Needed.SESSIONS_ADMIN)
    @Operation(
            operationId = "listKeys",
            summary = "Shows the key ring",
            description =
                    "Which key encrypts, how many rows each key has, and which key files can be removed, as seen by the"
                            + " replica that answers. Rows are counted at most every ten seconds."
                            + " Needs `sessions:admin`.")
    @APIResponse(
            responseCode = "200",
            description = "The keys, by id",
            content =
                    @Content(
                            schema = @Schema(implementation = KeysView.class),
                            examples = @ExampleObject(name = "keys", value = Examples.KEYS)))
    public Response listKeys(UriInfo uri) {
        QueryParameters.of(uri);
        return Responses.ok(KeysView.of(states.all(COUNTED)));
    }

    @ServerExceptionMapper
    public Response problem(Throwable failure, SimpleResourceInfo call) {
        return ProblemMapper.of(failure, ProblemMapper.name(call)).response();
    }
}
