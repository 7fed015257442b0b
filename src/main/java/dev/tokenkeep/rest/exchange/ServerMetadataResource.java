package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.problem.Responses;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.resteasy.reactive.server.EndpointDisabled;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Where OAuth clients find the token endpoint. */
@Path("/.well-known/oauth-authorization-server")
@PermitAll
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@EndpointDisabled(name = "tokenkeep.exchange.enabled", stringValue = "false")
public class ServerMetadataResource {

    private final ExchangeAddress address;

    ServerMetadataResource(ExchangeAddress address) {
        this.address = address;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public Response metadata(UriInfo uri) {
        return Responses.ok(ServerMetadata.of(address.issuer(uri)));
    }

    /** RFC 8414 §3: the path of an issuer follows. Without it, those find the metadata that know nothing of a proxy. */
    @GET
    @Path("{path:.+}")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public Response metadata(@PathParam("path") String path, UriInfo uri) {
        if (!address.hasPath(path)) {
            throw new NotFoundException();
        }
        return metadata(uri);
    }
}
