package dev.tokenkeep.rest.signin;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.signin.ConnectAddress;
import dev.tokenkeep.signin.PublishedClients;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Publishes the metadata of clients whose ID is this address. The server that asks has no JWT of a caller. */
@Path("/connect")
@PermitAll
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class ClientMetadataResource {

    private static final int MAX_AGE_SECONDS = 300;

    private final PublishedClients clients;
    private final ConnectAddress addresses;

    ClientMetadataResource(PublishedClients clients, ConnectAddress addresses) {
        this.clients = clients;
        this.addresses = addresses;
    }

    @GET
    @Path("{registration}/client")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public Response metadata(@PathParam("registration") String registration) {
        ClientMetadataView metadata = clients.find(registration)
                .map(known -> ClientMetadataView.of(known, addresses))
                .orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND, "No client is published here.")
                        .thrown());
        return Response.ok(metadata)
                .header("Cache-Control", "public, max-age=" + MAX_AGE_SECONDS)
                .build();
    }
}
