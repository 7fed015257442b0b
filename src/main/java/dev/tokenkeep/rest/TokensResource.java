package dev.tokenkeep.rest;

import static dev.tokenkeep.problem.ProblemType.AUDIT_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.ID_TOKEN_NOT_FOUND;
import static dev.tokenkeep.problem.ProblemType.KEY_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.REAUTHENTICATION_REQUIRED;
import static dev.tokenkeep.problem.ProblemType.REGISTRATION_PAUSED;
import static dev.tokenkeep.problem.ProblemType.SESSION_NOT_FOUND;
import static dev.tokenkeep.problem.ProblemType.TARGET_REFUSED;
import static dev.tokenkeep.problem.ProblemType.USER_ACTION_REQUIRED;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.audit.AuditEntry;
import dev.tokenkeep.audit.AuditTrail;
import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.CallDetails;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.rest.request.QueryParameters;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.targets.TargetTokenService;
import dev.tokenkeep.time.Ticker;
import dev.tokenkeep.tokens.AccessTokenService;
import dev.tokenkeep.tokens.IdToken;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/**
 * Returns tokens, refreshing the session first if needed. The session is read on a worker thread; a refresh holds no
 * thread. A caller that disconnects ends only its own waiting.
 */
@Path("/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Tokens", description = "The tokens of a session, for a service that calls a resource server")
public class TokensResource {

    private final CallerSessions sessions;
    private final AccessTokenService tokens;
    private final TargetTokenService targets;
    private final CurrentCall call;
    private final AuditTrail trail;
    private final Ticker ticker;

    TokensResource(
            CallerSessions sessions,
            AccessTokenService tokens,
            TargetTokenService targets,
            CurrentCall call,
            AuditTrail trail,
            Ticker ticker) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.targets = targets;
        this.call = call;
        this.trail = trail;
        this.ticker = ticker;
    }

    @GET
    @Path("{id}/access-token")
    @PermissionsAllowed(Permission.Needed.TOKENS_READ)
    @Operation(
            operationId = "readAccessToken",
            summary = "Returns an access token",
            description = "A token that is valid for at least `min_ttl` seconds is returned at once. Otherwise the"
                    + " session is refreshed, at most once per call and only once for all callers that wait. If the"
                    + " refresh fails, a token that has not expired is still returned, even if the session has ended;"
                    + " `status` shows it. Needs `tokens:read`.")
    @Parameter(
            name = "min_ttl",
            in = ParameterIn.QUERY,
            description = "How many seconds the token must still be valid, limited to the refresh margin",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "0", defaultValue = "0"),
            example = "60")
    @Parameter(
            name = "target",
            in = ParameterIn.QUERY,
            description =
                    "The name of a target of the registration; without it, the session's own access token is read",
            schema = @Schema(type = SchemaType.STRING, maxLength = Target.MAX_NAME_LENGTH),
            example = "graph")
    @APIResponse(
            responseCode = "200",
            description = "The access token",
            content =
                    @Content(
                            schema = @Schema(implementation = TokenView.class),
                            examples = @ExampleObject(name = "token", value = Examples.ACCESS_TOKEN)))
    @ProblemResponses({
        SESSION_NOT_FOUND,
        REAUTHENTICATION_REQUIRED,
        USER_ACTION_REQUIRED,
        TARGET_REFUSED,
        AUTHORIZATION_SERVER_UNAVAILABLE,
        REGISTRATION_PAUSED,
        KEY_UNAVAILABLE,
        AUDIT_UNAVAILABLE
    })
    public CompletionStage<Response> readAccessToken(@PathParam("id") String id, UriInfo uri) {
        var asked = QueryParameters.of(uri, "min_ttl", "target");
        Duration minTtl = asked.minTtl();
        String target = asked.text("target", Target.MAX_NAME_LENGTH);
        String session = CallerSessions.checked(id);
        CompletionStage<AccessToken> read = target == null
                ? tokens.read(session, minTtl, sessions::admit)
                : targets.read(session, target, minTtl, sessions::admit);
        CallDetails audited = call.notedElsewhere();
        return Responses.atTheCall(read.thenCompose(token -> {
            Response answer = Responses.ok(TokenView.of(token));
            return handingOut(audited.handedOut("readAccessToken", target, token.version(), ticker.nanos()), answer);
        }));
    }

    @GET
    @Path("{id}/id-token")
    @PermissionsAllowed(Permission.Needed.TOKENS_READ)
    @Operation(
            operationId = "readIdToken",
            summary = "Returns the ID token and its claims",
            description = "The ID token of the last token response that had one. Needs `tokens:read`.")
    @Parameter(
            name = "fresh",
            in = ParameterIn.QUERY,
            description = "Whether to refresh first, to get changed claims",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    @APIResponse(
            responseCode = "200",
            description = "The ID token",
            content =
                    @Content(
                            schema = @Schema(implementation = IdTokenView.class),
                            examples = @ExampleObject(name = "ID token", value = Examples.ID_TOKEN)))
    @ProblemResponses({
        SESSION_NOT_FOUND,
        ID_TOKEN_NOT_FOUND,
        REAUTHENTICATION_REQUIRED,
        USER_ACTION_REQUIRED,
        AUTHORIZATION_SERVER_UNAVAILABLE,
        REGISTRATION_PAUSED,
        KEY_UNAVAILABLE,
        AUDIT_UNAVAILABLE
    })
    public CompletionStage<Response> readIdToken(@PathParam("id") String id, UriInfo uri) {
        boolean fresh = QueryParameters.of(uri, "fresh").fresh();
        String found = sessions.require(id).id();
        CallDetails audited = call.notedElsewhere();
        return Responses.atTheCall(tokens.idToken(found, fresh).thenCompose(idToken -> {
            Response answer = answer(idToken);
            return handingOut(audited.entry("readIdToken", answer.getStatus(), null, ticker.nanos()), answer);
        }));
    }

    /** Writes the audit entry first. A token whose entry cannot be written must not be returned. */
    private CompletionStage<Response> handingOut(AuditEntry entry, Response answer) {
        return trail.noteHandedOut(entry).thenApply(noted -> answer);
    }

    private static Response answer(IdToken idToken) {
        Secret value = idToken.value();
        if (value == null) {
            throw Problem.of(ID_TOKEN_NOT_FOUND, "The authorization server has returned no ID token for this session")
                    .thrown();
        }
        return Responses.ok(IdTokenView.of(value));
    }

    @POST
    @Path("{id}/refresh")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Permission.Needed.TOKENS_READ)
    @Operation(
            operationId = "refreshSession",
            summary = "Refreshes a session now",
            description = "For callers whose access token was refused by a resource server before it expired. If they"
                    + " send the version of that token as `if_version`, any number of callers cause only one refresh."
                    + " For the token of a `target`, only that one is got anew. Needs `tokens:read`, because it is for"
                    + " callers that read tokens.")
    @RequestBody(
            content =
                    @Content(
                            schema = @Schema(implementation = ForcedRefresh.class),
                            examples = @ExampleObject(name = "refused token", value = Examples.FORCED_REFRESH)))
    @APIResponse(
            responseCode = "200",
            description = "The session after the refresh",
            content =
                    @Content(
                            schema = @Schema(implementation = SessionView.class),
                            examples = @ExampleObject(name = "session", value = Examples.SESSION)))
    @ProblemResponses({
        SESSION_NOT_FOUND,
        REAUTHENTICATION_REQUIRED,
        USER_ACTION_REQUIRED,
        TARGET_REFUSED,
        AUTHORIZATION_SERVER_UNAVAILABLE,
        REGISTRATION_PAUSED,
        KEY_UNAVAILABLE
    })
    public CompletionStage<Response> refreshSession(@PathParam("id") String id, InputStream body, UriInfo uri) {
        QueryParameters.of(uri);
        Session found = sessions.require(id);
        ForcedRefresh asked = ForcedRefresh.read(body);
        CompletionStage<Session> refreshed = asked.target() == null
                ? tokens.refresh(found.id(), asked.ifVersion())
                : targets.refresh(found.id(), asked.target(), asked.ifVersion(), sessions::admit);
        return Responses.atTheCall(refreshed.thenApply(session -> Responses.ok(SessionView.of(session))));
    }

    @ServerExceptionMapper
    public Response problem(Throwable failure, SimpleResourceInfo call) {
        return ProblemMapper.of(failure, ProblemMapper.name(call)).response();
    }
}
