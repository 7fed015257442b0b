package dev.tokenkeep.rest.signin;

import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_DENIED;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_IN_PROGRESS;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_NOT_FOUND;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_OVER;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.CALLBACK_REFUSED;
import static dev.tokenkeep.problem.ProblemType.SESSION_NOT_FOUND;
import static dev.tokenkeep.problem.ProblemType.SIGN_IN_NOT_POSSIBLE;

import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.rest.SessionView;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.rest.request.QueryParameters;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.signin.SignInCompletion;
import dev.tokenkeep.signin.SignInConfirmation;
import dev.tokenkeep.signin.SignInException;
import dev.tokenkeep.signin.SignInMetrics;
import dev.tokenkeep.signin.SignInRequest;
import dev.tokenkeep.signin.SignInResult;
import dev.tokenkeep.signin.SignInStart;
import dev.tokenkeep.signin.store.Authorization;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Signs users in. A request to the authorization server holds no thread. */
@Path("/v1/authorizations")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Authorizations", description = "Sign-ins of users at their authorization servers")
public class AuthorizationsResource {

    private final CallerSignIns own;
    private final SignInStart start;
    private final SignInCompletion completion;
    private final SignInConfirmation confirmation;
    private final SignInMetrics metrics;
    private final CurrentCall call;

    AuthorizationsResource(
            CallerSignIns own,
            SignInStart start,
            SignInCompletion completion,
            SignInConfirmation confirmation,
            SignInMetrics metrics,
            CurrentCall call) {
        this.own = own;
        this.start = start;
        this.completion = completion;
        this.confirmation = confirmation;
        this.metrics = metrics;
        this.call = call;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Permission.Needed.SESSIONS_WRITE)
    @Operation(
            operationId = "beginAuthorization",
            summary = "Begins a sign-in",
            description = "Send the user's browser to `authorization_uri`, and keep `state` in the browser's session."
                    + " Needs `sessions:write`, a registration that is named for the caller, and one of the caller's"
                    + " redirect URIs.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = NewAuthorization.class),
                            examples = @ExampleObject(name = "authorization", value = AuthorizationExamples.NEW)))
    @APIResponse(
            responseCode = "201",
            description = "The sign-in has begun",
            headers =
                    @Header(
                            name = "Location",
                            description = "The authorization's URL",
                            schema = @Schema(type = SchemaType.STRING, format = "uri-reference")),
            content =
                    @Content(
                            schema = @Schema(implementation = BegunAuthorizationView.class),
                            examples = @ExampleObject(name = "authorization", value = AuthorizationExamples.BEGUN)))
    @ProblemResponses({SESSION_NOT_FOUND, SIGN_IN_NOT_POSSIBLE, AUTHORIZATION_SERVER_UNAVAILABLE})
    public CompletionStage<Response> beginAuthorization(InputStream body, UriInfo uri) {
        QueryParameters.of(uri);
        NewAuthorization asked = NewAuthorization.read(body);
        ClientRegistration registration = own.usable(asked.registration());
        SignInRequest request = own.request(asked);
        String path = uri.getAbsolutePath().getRawPath();
        return Responses.atTheCall(start.begin(registration, request).thenApply(begun -> {
            metrics.begun(registration.name());
            return Responses.json(201, BegunAuthorizationView.of(begun))
                    .header(HttpHeaders.LOCATION, path + "/" + begun.id())
                    .build();
        }));
    }

    @GET
    @Path("{id}")
    @PermissionsAllowed(Permission.Needed.SESSIONS_WRITE)
    @Operation(
            operationId = "showAuthorization",
            summary = "Shows how far a sign-in has come",
            description = "Needs `sessions:write`.")
    @APIResponse(
            responseCode = "200",
            description = "The sign-in",
            content =
                    @Content(
                            schema = @Schema(implementation = AuthorizationView.class),
                            examples = @ExampleObject(name = "authorization", value = AuthorizationExamples.PENDING)))
    @ProblemResponses(AUTHORIZATION_NOT_FOUND)
    public Response showAuthorization(@PathParam("id") String id, UriInfo uri) {
        QueryParameters.of(uri);
        return Responses.ok(AuthorizationView.of(own.require(id)));
    }

    @POST
    @Path("{id}/completion")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Permission.Needed.SESSIONS_WRITE)
    @Operation(
            operationId = "completeAuthorization",
            summary = "Completes a sign-in with what the browser brought back",
            description = "Call it only if the browser that came back is the one that began, which your own session"
                    + " knows by `state`. The authorization code is exchanged once; a repeated call returns the same"
                    + " session. Needs `sessions:write`.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = AuthorizationCallback.class),
                            examples = @ExampleObject(name = "callback", value = AuthorizationExamples.CALLBACK)))
    @APIResponse(
            responseCode = "201",
            description = "The session",
            content =
                    @Content(
                            schema = @Schema(implementation = SessionView.class),
                            examples = @ExampleObject(name = "session", value = AuthorizationExamples.SESSION)))
    @ProblemResponses({
        CALLBACK_REFUSED,
        AUTHORIZATION_NOT_FOUND,
        AUTHORIZATION_DENIED,
        AUTHORIZATION_OVER,
        AUTHORIZATION_IN_PROGRESS,
        AUTHORIZATION_SERVER_UNAVAILABLE
    })
    public CompletionStage<Response> completeAuthorization(@PathParam("id") String id, InputStream body, UriInfo uri) {
        QueryParameters.of(uri);
        Authorization authorization = own.require(id);
        String callback = AuthorizationCallback.read(body).callback();
        return Responses.atTheCall(completion.complete(authorization, callback))
                .thenApply(result -> answer(authorization, result));
    }

    @POST
    @Path("{id}/confirmation")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Permission.Needed.SESSIONS_WRITE)
    @Operation(
            operationId = "confirmAuthorization",
            summary = "Confirms a sign-in of the hosted callback",
            description = "Call it when the browser comes to the return URI, with the user who is signed in at your"
                    + " service in this browser. Only now is the authorization code exchanged. A repeated call returns"
                    + " the same session. Needs `sessions:write`.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = AuthorizationConfirmation.class),
                            examples =
                                    @ExampleObject(name = "confirmation", value = AuthorizationExamples.CONFIRMATION)))
    @APIResponse(
            responseCode = "201",
            description = "The session",
            content =
                    @Content(
                            schema = @Schema(implementation = SessionView.class),
                            examples = @ExampleObject(name = "session", value = AuthorizationExamples.SESSION)))
    @ProblemResponses({
        CALLBACK_REFUSED,
        AUTHORIZATION_NOT_FOUND,
        AUTHORIZATION_OVER,
        AUTHORIZATION_IN_PROGRESS,
        AUTHORIZATION_SERVER_UNAVAILABLE
    })
    public CompletionStage<Response> confirmAuthorization(@PathParam("id") String id, InputStream body, UriInfo uri) {
        QueryParameters.of(uri);
        Authorization authorization = own.require(id);
        AuthorizationConfirmation told = AuthorizationConfirmation.read(body);
        return Responses.atTheCall(confirmation.confirm(authorization, told.confirmation(), told.subject()))
                .thenApply(result -> answer(authorization, result));
    }

    private Response answer(Authorization authorization, SignInResult result) {
        metrics.ended(authorization, result);
        if (!(result instanceof SignInResult.Completed completed)) {
            throw SignInProblems.of(result);
        }
        Session session = call.about(completed.session());
        return Responses.json(201, SessionView.of(session)).build();
    }

    @ServerExceptionMapper
    public Response problem(Throwable failure, SimpleResourceInfo call) {
        Throwable cause = Stages.cause(failure);
        return ProblemMapper.of(
                        cause instanceof SignInException known ? SignInProblems.of(known) : failure,
                        ProblemMapper.name(call))
                .response();
    }
}
