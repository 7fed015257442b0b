package com.example.bare;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** What can't be beaten: the size of a token's answer, without a token service. */
@Path("/ceiling")
@NonBlocking
public class CeilingResource {

    private static final String TOKEN = "t".repeat(Integer.getInteger("bare.token", 800));

    public record Answer(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("token_type") String tokenType,
            @JsonProperty("expires_in") long expiresIn,
            long version) {}

    @GET
    @Path("open/{id}/access-token")
    public Response open(String id) {
        return answer();
    }

    @GET
    @Path("jwt/{id}/access-token")
    @Authenticated
    public Response withJwt(String id) {
        return answer();
    }

    private static Response answer() {
        return Response.ok(new Answer(TOKEN, "Bearer", 3600, 1))
                .header("Cache-Control", "no-store")
                .header("X-Request-Id", "00000000-0000-0000-0000-000000000000")
                .build();
    }
}
