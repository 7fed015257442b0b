package dev.tokenkeep.rest.signin;

import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_NOT_FOUND;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.SESSION_NOT_FOUND;
import static dev.tokenkeep.problem.ProblemType.SIGN_IN_NOT_POSSIBLE;

import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.QueryParameters;
import dev.tokenkeep.signin.SignInException;
import dev.tokenkeep.signin.SignInRequest;
import dev.tokenkeep.signin.SignInStart;
import dev.tokenkeep.signin.exchange.SignInMetrics;
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
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Begins sign-ins and shows how far they have come. A request to the authorization server holds no thread. */
@Path("/v1/authorizations")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Authorizations", description = "Sign-ins of users at their authorization servers")
public class AuthorizationsResource {

    private final CallerSignIns own;
    private final SignInStart start;
    private final SignInMetrics metrics;

    AuthorizationsResource(CallerSignIns own, SignInStart start, SignInMetrics metrics) {
        this.own = own;
        this.start = start;
        this.metrics = metrics;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Permission.Needed.SESSIONS_WRITE)
    @Operation(
            operationId = "beginAuthorization",
            summary = "Begins a sign-in",
            description = "Send the user's browser to `authorization_uri`, and keep `state` in the browser's session."
                    + " With the flow `device_code`, show the user `user_code` and `verification_uri` instead. Needs"
                    + " `sessions:write`, a registration that is named for the caller, and, unless the flow is"
                    + " `device_code`, one of the caller's redirect or return URIs.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = NewAuthorization.class),
                            examples = {
                                @ExampleObject(name = "authorization", value = AuthorizationExamples.NEW),
                                @ExampleObject(name = "device", value = AuthorizationExamples.NEW_DEVICE)
                            }))
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
                            examples = {
                                @ExampleObject(name = "authorization", value = AuthorizationExamples.BEGUN),
                                @ExampleObject(name = "device", value = AuthorizationExamples.BEGUN_DEVICE)
                            }))
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
            description = "With `wait` the answer comes once the user has signed in, or after that time. Needs"
                    + " `sessions:write`.")
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = "How many seconds to wait while the sign-in is pending",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "0", maximum = "30", defaultValue = "0"))
    @APIResponse(
            responseCode = "200",
            description = "The sign-in",
            content =
                    @Content(
                            schema = @Schema(implementation = AuthorizationView.class),
                            examples = @ExampleObject(name = "authorization", value = AuthorizationExamples.PENDING)))
    @ProblemResponses(AUTHORIZATION_NOT_FOUND)
    public CompletionStage<Response> showAuthorization(@PathParam("id") String id, UriInfo uri) {
        Duration wait = QueryParameters.of(uri, "wait").longestWait();
        return Responses.atTheCall(own.awaited(id, wait))
                .thenApply(authorization -> Responses.ok(AuthorizationView.of(authorization)));
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
