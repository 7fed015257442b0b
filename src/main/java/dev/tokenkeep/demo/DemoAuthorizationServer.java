package dev.tokenkeep.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.arc.profile.IfBuildProfile;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A small authorization server for the demonstration, with strict rotation. */
@Path("/demo/as")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@IfBuildProfile("dev")
class DemoAuthorizationServer {

    private static final String CREDENTIALS =
            "Basic " + Base64.getEncoder().encodeToString("demo:demo-secret".getBytes(UTF_8));

    private final DemoGrants grants;

    DemoAuthorizationServer(DemoGrants grants) {
        this.grants = grants;
    }

    /** Returns the token response with which a sign-in at a real authorization server would end. */
    @GET
    @Path("/login")
    public String login() {
        return grants.signIn().toString();
    }

    @POST
    @Path("/token")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response token(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @FormParam("grant_type") @Nullable String grantType,
            @FormParam("refresh_token") @Nullable String refreshToken) {
        if (!CREDENTIALS.equals(authorization)) {
            return error(401, "invalid_client");
        }
        if (!"refresh_token".equals(grantType) || refreshToken == null) {
            return error(400, "invalid_request");
        }
        return grants.refresh(refreshToken)
                .map(tokens -> Response.ok(tokens.toString()).build())
                .orElseGet(() -> error(400, "invalid_grant"));
    }

    @POST
    @Path("/revoke")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response revoke(@FormParam("token") @Nullable String token) {
        if (token != null) {
            grants.revoke(token);
        }
        return Response.ok("{}").build();
    }

    private static Response error(int status, String code) {
        return Response.status(status).entity("{\"error\":\"" + code + "\"}").build();
    }
}
