package dev.tokenkeep.rest.signin;

import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_DENIED;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_IN_PROGRESS;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_NOT_FOUND;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_OVER;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.CALLBACK_REFUSED;

import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.rest.SessionView;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.rest.request.QueryParameters;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.signin.SignInCompletion;
import dev.tokenkeep.signin.SignInConfirmation;
import dev.tokenkeep.signin.exchange.SignInMetrics;
import dev.tokenkeep.signin.exchange.SignInResult;
import dev.tokenkeep.signin.store.Authorization;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Completes sign-ins. A request to the authorization server holds no thread. */
@Path("/v1/authorizations")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Authorizations", description = "Sign-ins of users at their authorization servers")
public class AuthorizationCompletionResource {

    private final CallerSignIns own;
    private final SignInCompletion completion;
    private final SignInConfirmation confirmation;
    private final SignInMetrics metrics;
    private final CurrentCall call;

    AuthorizationCompletionResource(
            CallerSignIns own,
            SignInCompletion completion,
            SignInConfirmation confirmation,
            SignInMetrics metrics,
            CurrentCall call) {
        this.own = own;
        this.completion = completion;
        this.confirmation = confirmation;
        this.metrics = metrics;
        this.call = call;
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
}
