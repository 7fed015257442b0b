package dev.tokenkeep.rest;

import dev.tokenkeep.refresh.AccessTokenReader;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hands out tokens, and refreshes for callers that were told that theirs is no good. */
@Path("/v1/sessions/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class TokensResource {

    private final AccessTokenReader reader;
    private final OwnSessions own;
    private final SecurityIdentity identity;

    TokensResource(AccessTokenReader reader, OwnSessions own, SecurityIdentity identity) {
        this.reader = reader;
        this.own = own;
        this.identity = identity;
    }

    @GET
    @Path("/access-token")
    @PermissionsAllowed("tokens:read")
    public Uni<Response> accessToken(@PathParam("id") String id, UriInfo uri) {
        return Answers.answerLater(
                () -> {
                    var wanted = QueryParameters.of(uri).minTtl();
                    own.require(Caller.of(identity), id);
                    return reader.read(id, wanted);
                },
                token -> Answers.json(200, Views.token(token)));
    }

    @GET
    @Path("/id-token")
    @PermissionsAllowed("tokens:read")
    public Uni<Response> idToken(@PathParam("id") String id, UriInfo uri) {
        return Answers.answerLater(
                () -> {
                    boolean refreshFirst = QueryParameters.of(uri).fresh();
                    own.require(Caller.of(identity), id);
                    return reader.idToken(id, refreshFirst);
                },
                idToken -> Answers.json(200, IdTokenView.of(idToken)));
    }

    /** The permission is a reader's: it is readers who learn that a token is no good. */
    @POST
    @Path("/refresh")
    @PermissionsAllowed("tokens:read")
    public Uni<Response> refresh(@PathParam("id") String id, byte @Nullable [] body) {
        return Answers.answerLater(
                () -> {
                    OptionalLong ifVersion = body == null || body.length == 0
                            ? OptionalLong.empty()
                            : RequestBody.read(body, Set.of("if_version")).version("if_version");
                    own.require(Caller.of(identity), id);
                    return reader.refresh(id, ifVersion);
                },
                session -> Answers.json(200, Views.session(session)));
    }
}
