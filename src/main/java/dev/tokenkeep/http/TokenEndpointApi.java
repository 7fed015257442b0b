package dev.tokenkeep.http;

import io.quarkus.rest.client.reactive.Url;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * The endpoints of an authorization server that Tokenkeep calls. Sends a form or JSON and returns bytes.
 *
 * <p>It is public only because its implementation is generated into the class loader of the application that uses the
 * library.
 */
@Path("")
public interface TokenEndpointApi {

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    Uni<Response> postForm(@Url String endpoint, String form);

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    Uni<Response> postJson(@Url String endpoint, byte[] json);

    @GET
    Uni<Response> get(@Url String endpoint);
}
