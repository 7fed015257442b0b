package dev.tokenkeep.rest;

import static dev.tokenkeep.problem.ProblemType.AUDIT_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.KEY_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.REAUTHENTICATION_REQUIRED;
import static dev.tokenkeep.problem.ProblemType.REGISTRATION_PAUSED;
import static dev.tokenkeep.problem.ProblemType.SESSION_NOT_FOUND;
import static dev.tokenkeep.problem.ProblemType.TARGET_REFUSED;
import static dev.tokenkeep.problem.ProblemType.TOKEN_NOT_BOUND;
import static dev.tokenkeep.problem.ProblemType.USER_ACTION_REQUIRED;

import dev.tokenkeep.audit.AuditTrail;
import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.proofs.InvalidProofRequest;
import dev.tokenkeep.proofs.ProofService;
import dev.tokenkeep.proofs.WantedProof;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.CallDetails;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.rest.request.QueryParameters;
import dev.tokenkeep.time.Ticker;
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
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Makes proofs for access tokens that are bound to a key. The key is not returned. */
@Path("/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Tokens")
public class DpopProofResource {

    private final CallerSessions sessions;
    private final ProofService proofs;
    private final CurrentCall call;
    private final AuditTrail trail;
    private final Ticker ticker;

    DpopProofResource(CallerSessions sessions, ProofService proofs, CurrentCall call, AuditTrail trail, Ticker ticker) {
        this.sessions = sessions;
        this.proofs = proofs;
        this.call = call;
        this.trail = trail;
        this.ticker = ticker;
    }

    @POST
    @Path("{id}/dpop-proof")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Permission.Needed.TOKENS_READ)
    @Operation(
            operationId = "proveAccessToken",
            summary = "Returns an access token with the proof for one request",
            description =
                    "For access tokens whose `token_type` is `DPoP` (RFC 9449). The request to the resource server"
                            + " has the headers `Authorization: DPoP <access_token>` and `DPoP: <proof>`. Every request needs a"
                            + " new proof. Needs `tokens:read`.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = DpopProofRequest.class),
                            examples = @ExampleObject(name = "request", value = Examples.DPOP_PROOF_REQUEST)))
    @APIResponse(
            responseCode = "200",
            description = "The access token and the proof",
            content =
                    @Content(
                            schema = @Schema(implementation = DpopProofView.class),
                            examples = @ExampleObject(name = "proof", value = Examples.DPOP_PROOF)))
    @ProblemResponses({
        SESSION_NOT_FOUND,
        TARGET_REFUSED,
        TOKEN_NOT_BOUND,
        REAUTHENTICATION_REQUIRED,
        USER_ACTION_REQUIRED,
        AUTHORIZATION_SERVER_UNAVAILABLE,
        REGISTRATION_PAUSED,
        KEY_UNAVAILABLE,
        AUDIT_UNAVAILABLE
    })
    public CompletionStage<Response> proveAccessToken(@PathParam("id") String id, InputStream body, UriInfo uri) {
        QueryParameters.of(uri);
        WantedProof wanted = DpopProofRequest.read(CallerSessions.checked(id), body);
        var proven = proofs.prove(wanted, sessions::admit);
        CallDetails audited = call.notedElsewhere();
        return Responses.atTheCall(proven.thenCompose(proof -> {
            Response answer = Responses.ok(DpopProofView.of(proof));
            // A token whose entry cannot be written must not be returned.
            return trail.noteHandedOut(audited.handedOut(
                            "proveAccessToken",
                            wanted.target(),
                            proof.accessToken().version(),
                            ticker.nanos()))
                    .thenApply(noted -> answer);
        }));
    }

    @ServerExceptionMapper
    public Response problem(Throwable failure, SimpleResourceInfo call) {
        if (Stages.cause(failure) instanceof InvalidProofRequest invalid) {
            return Problem.invalid(invalid.member(), invalid.getMessage() + ".").response();
        }
        return ProblemMapper.of(failure, ProblemMapper.name(call)).response();
    }
}
