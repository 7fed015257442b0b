package dev.tokenkeep.tokenendpoint;

import io.quarkus.rest.client.reactive.Url;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The endpoints of an authorization server that a refresh client talks to: forms go in, bytes come out. */
@Path("")
interface TokenEndpointApi {

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    Uni<RestResponse<byte[]>> post(
            @Url String endpoint, @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, String form);

    @GET
    Uni<RestResponse<byte[]>> get(@Url String endpoint);
}
