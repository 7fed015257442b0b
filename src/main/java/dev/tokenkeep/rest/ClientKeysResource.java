package dev.tokenkeep.rest;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationTemplate;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * Publishes the public halves of a client's keys (RFC 7517 §5), so that its authorization server learns of a new key by
 * itself. They are no secret, and the server that asks has no JWT of a caller.
 */
@Path("/connect")
@PermitAll
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class ClientKeysResource {

    /** In seconds. A new key has to be published for longer than this before it signs (CONFORMANCE G5). */
    private static final int MAX_AGE = 300;

    private final ClientRegistrations registrations;

    ClientKeysResource(ClientRegistrations registrations) {
        this.registrations = registrations;
    }

    @GET
    @Path("{registration}/jwks")
    @Produces("application/jwk-set+json")
    @Operation(hidden = true)
    public Response keys(@PathParam("registration") String registration) {
        String keys = registrations
                .find(registration)
                .or(() -> registrations.template(registration).map(RegistrationTemplate::blank))
                .flatMap(known -> known.client().publicJwks())
                .orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND, "No keys are published here.")
                        .thrown());
        return Response.ok(keys)
                .header("Cache-Control", "public, max-age=" + MAX_AGE)
                .build();
    }
}
