package dev.tokenkeep.rest;

import static dev.tokenkeep.problem.ProblemType.AUDIT_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.KEY_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.REAUTHENTICATION_REQUIRED;
import static dev.tokenkeep.problem.ProblemType.REGISTRATION_PAUSED;
import static dev.tokenkeep.problem.ProblemType.SESSION_NOT_FOUND;
import static dev.tokenkeep.problem.ProblemType.TARGET_REFUSED;
import static dev.tokenkeep.problem.ProblemType.USER_ACTION_REQUIRED;

import dev.tokenkeep.audit.AuditTrail;
import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.CallDetails;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.rest.request.QueryParameters;
import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Returns access tokens by whose they are, for a caller that does not keep the ids of sessions. */
@Path("/v1/access-token")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Tokens")
public class SubjectTokensResource {

    private final SubjectTokens tokens;
    private final CurrentCall call;
    private final AuditTrail trail;
    private final Ticker ticker;

    SubjectTokensResource(SubjectTokens tokens, CurrentCall call, AuditTrail trail, Ticker ticker) {
        this.tokens = tokens;
        this.call = call;
        this.trail = trail;
        this.ticker = ticker;
    }

    @GET
    @PermissionsAllowed(Permission.Needed.TOKENS_READ)
    @Operation(
            operationId = "readSubjectAccessToken",
            summary = "Returns the access token of a subject",
            description = "The access token of the newest active session that the subject has with the registration, as"
                    + " `GET /v1/sessions/{id}/access-token` returns it. Needs `tokens:read`.")
    @Parameter(
            name = "registration",
            in = ParameterIn.QUERY,
            required = true,
            schema = @Schema(type = SchemaType.STRING),
            example = "crm")
    @Parameter(
            name = "subject",
            in = ParameterIn.QUERY,
            required = true,
            schema = @Schema(type = SchemaType.STRING),
            example = "alice")
    @Parameter(
            name = "target",
            in = ParameterIn.QUERY,
            description =
                    "The name of a target of the registration; without it, the session's own access token is read",
            schema = @Schema(type = SchemaType.STRING, maxLength = Target.MAX_NAME_LENGTH),
            example = "graph")
    @Parameter(
            name = "min_ttl",
            in = ParameterIn.QUERY,
            description = "How many seconds the token must still be valid, limited to the refresh margin",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "0", defaultValue = "0"),
            example = "60")
    @APIResponse(
            responseCode = "200",
            description = "The access token",
            headers =
                    @Header(
                            name = HttpHeaders.CONTENT_LOCATION,
                            description = "Where the token of this session is read by its id",
                            schema = @Schema(type = SchemaType.STRING, format = "uri-reference")),
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
    public CompletionStage<Response> readSubjectAccessToken(UriInfo uri) {
        var asked = QueryParameters.of(uri, "registration", "subject", "target", "min_ttl");
        String target = asked.text("target", Target.MAX_NAME_LENGTH);
        var read = tokens.read(
                asked.required("registration", NewSession.MAX_NAME_LENGTH),
                asked.required("subject", NewSession.MAX_SUBJECT_LENGTH),
                target,
                asked.minTtl());
        CallDetails audited = call.notedElsewhere();
        return Responses.atTheCall(read.token().thenCompose(token -> {
            Response answer = Responses.json(200, TokenView.of(token))
                    .header(HttpHeaders.CONTENT_LOCATION, SubjectTokens.location(read.sessionId()))
                    .build();
            return trail.noteHandedOut(
                            audited.handedOut("readSubjectAccessToken", target, token.version(), ticker.nanos()))
                    .thenApply(noted -> answer);
        }));
    }

    @ServerExceptionMapper
    public Response problem(Throwable failure, SimpleResourceInfo call) {
        return ProblemMapper.of(failure, ProblemMapper.name(call)).response();
    }
}
