package dev.tokenkeep.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Base64;
import java.util.Optional;
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
    private final DemoCodes codes;

    DemoAuthorizationServer(DemoGrants grants, DemoCodes codes) {
        this.grants = grants;
        this.codes = codes;
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
            MultivaluedMap<String, String> form) {
        if (!CREDENTIALS.equals(authorization)) {
            return error(401, "invalid_client");
        }
        return tokens(form)
                .map(tokens -> Response.ok(tokens.toString()).build())
                .orElseGet(() -> error(400, "invalid_grant"));
    }

    private Optional<ObjectNode> tokens(MultivaluedMap<String, String> form) {
        String code = form.getFirst("code");
        String refreshToken = form.getFirst("refresh_token");
        if (code != null) {
            return codes.redeem(code, form.getFirst("redirect_uri"), form.getFirst("code_verifier"));
        }
        return refreshToken == null ? Optional.empty() : grants.refresh(refreshToken);
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
