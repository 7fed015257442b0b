package dev.tokenkeep.rest;

import static dev.tokenkeep.problem.ProblemType.REFRESH_TOKEN_ALREADY_KEPT;
import static dev.tokenkeep.problem.ProblemType.SESSION_NOT_FOUND;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.lifecycle.SessionService.Removed;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.rest.request.QueryParameters;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
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

/** Registers, replaces and removes sessions. Every method writes to the database. */
@Path("/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Sessions", description = "The sessions that a service stores for its users")
public class SessionsResource {

    /** Before a proxy or the caller gives up; the call is then repeated. */
    private static final Duration LONGEST_REMOVAL = Duration.ofSeconds(30);

    private final CallerSessions own;
    private final NewSessions newSessions;
    private final SessionService sessions;
    private final CurrentCall call;
    private final Ticker ticker;

    SessionsResource(
            CallerSessions own, NewSessions newSessions, SessionService sessions, CurrentCall call, Ticker ticker) {
        this.own = own;
        this.newSessions = newSessions;
        this.sessions = sessions;
        this.call = call;
        this.ticker = ticker;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Permission.Needed.SESSIONS_WRITE)
    @Operation(
            operationId = "registerSession",
            summary = "Registers a session",
            description =
                    "From now on its access token is refreshed. Instead of tokens the body can have a `grant`. A refresh token is stored only once: if the"
                            + " caller registers it again, even after it was rotated, the existing session is returned."
                            + " Needs `sessions:write`.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = NewSession.class),
                            examples = @ExampleObject(name = "session", value = Examples.NEW_SESSION)))
    @APIResponse(
            responseCode = "201",
            description = "The session is registered",
            headers =
                    @Header(
                            name = "Location",
                            description = "The session's URL",
                            schema = @Schema(type = SchemaType.STRING, format = "uri-reference")),
            content =
                    @Content(
                            schema = @Schema(implementation = SessionView.class),
                            examples = @ExampleObject(name = "session", value = Examples.SESSION)))
    @APIResponse(
            responseCode = "200",
            description = "The caller has registered this refresh token before; the existing session",
            content =
                    @Content(
                            schema = @Schema(implementation = SessionView.class),
                            examples = @ExampleObject(name = "session", value = Examples.SESSION)))
    @ProblemResponses({
        REFRESH_TOKEN_ALREADY_KEPT,
        ProblemType.AUTHORIZATION_DENIED,
        ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE
    })
    public CompletionStage<Response> registerSession(InputStream body, UriInfo uri) {
        QueryParameters.of(uri);
        return Responses.atTheCall(newSessions.register(NewSession.read(body)))
                .thenApply(registered -> answer(registered, uri));
    }

    private Response answer(RegistrationResult registered, UriInfo uri) {
        Session session = call.about(session(registered));
        return registered.kind() == RegistrationResult.Kind.EXISTING
                ? Responses.ok(SessionView.of(session))
                : created(session, uri);
    }

    /** Answers 201 with the URL without the host, because a proxy may have another name for it. */
    private static Response created(Session session, UriInfo uri) {
        String location =
                uri.getAbsolutePathBuilder().path(session.id()).build().getRawPath();
        return Responses.json(201, SessionView.of(session))
                .header(HttpHeaders.LOCATION, location)
                .build();
    }

    @PUT
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Permission.Needed.SESSIONS_WRITE)
    @Operation(
            operationId = "replaceTokens",
            summary = "Replaces the tokens of a session after the user has signed in again",
            description = "The session becomes ACTIVE with the new tokens. The result of a running refresh is"
                    + " discarded, and the old refresh token is revoked. Needs `sessions:write`.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = NewTokens.class),
                            examples = @ExampleObject(name = "tokens", value = Examples.NEW_TOKENS)))
    @APIResponse(
            responseCode = "200",
            description = "The session",
            content =
                    @Content(
                            schema = @Schema(implementation = SessionView.class),
                            examples = @ExampleObject(name = "session", value = Examples.SESSION)))
    @ProblemResponses({SESSION_NOT_FOUND, REFRESH_TOKEN_ALREADY_KEPT, ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE})
    public Response replaceTokens(@PathParam("id") String id, InputStream body, UriInfo uri) {
        QueryParameters.of(uri);
        Session session = own.requireReplaceable(id);
        TokenResponse tokens = NewTokens.read(body).tokenResponse();
        return Responses.ok(SessionView.of(session(sessions.replace(session.id(), tokens))));
    }

    private static Session session(RegistrationResult registered) {
        return switch (registered.kind()) {
            case STORED -> ((RegistrationResult.Stored) registered).session();
            case EXISTING -> ((RegistrationResult.Existing) registered).session();
            case KEPT_ELSEWHERE ->
                throw Problem.of(REFRESH_TOKEN_ALREADY_KEPT, ((RegistrationResult.KeptElsewhere) registered).sentence())
                        .thrown();
        };
    }

    @DELETE
    @Path("{id}")
    @PermissionsAllowed(Permission.Needed.SESSIONS_WRITE)
    @Operation(
            operationId = "removeSession",
            summary = "Removes a session",
            description = "Its refresh token is revoked (RFC 7009), with retries. Some authorization servers then end"
                    + " the user's whole grant. Needs `sessions:write`.")
    @APIResponse(responseCode = "204", description = "The session is removed")
    @ProblemResponses(SESSION_NOT_FOUND)
    public Response removeSession(@PathParam("id") String id, UriInfo uri) {
        QueryParameters.of(uri);
        if (sessions.remove(own.require(id).id()).isEmpty()) {
            throw new SessionNotFoundException(id);
        }
        return Responses.nothing();
    }

    @DELETE
    @PermissionsAllowed(Permission.Needed.SESSIONS_WRITE)
    @Operation(
            operationId = "removeSessions",
            summary = "Removes all of the caller's sessions of a subject, or of a registration",
            description = "Each session is removed like a single one. One of the parameters is required; with both,"
                    + " those that match both are removed. Without a subject, only sessions that the caller registered"
                    + " itself are removed. Needs `sessions:write`.")
    @Parameter(name = "subject", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING, maxLength = 255))
    @Parameter(
            name = "registration",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.STRING, maxLength = 64))
    @APIResponse(
            responseCode = "200",
            description = "How many sessions were removed",
            content =
                    @Content(
                            schema = @Schema(implementation = RemovedView.class),
                            examples = @ExampleObject(name = "removed", value = Examples.REMOVED)))
    public Response removeSessions(UriInfo uri) {
        var deadline = Deadline.after(ticker.nanos(), LONGEST_REMOVAL);
        Removed removed = sessions.removeAll(
                SessionQueryParser.ofSubjectOrRegistration(uri, own),
                () -> deadline.remaining(ticker.nanos()).isNegative());
        return Responses.ok(new RemovedView(removed.count(), removed.complete()));
    }

    @ServerExceptionMapper
    public Response problem(Throwable failure, SimpleResourceInfo call) {
        return ProblemMapper.of(failure, ProblemMapper.name(call)).response();
    }
}
