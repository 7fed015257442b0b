package dev.tokenkeep.rest.imports;

import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.rest.CallerSessions;
import dev.tokenkeep.rest.NewSession;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.QueryParameters;
import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Imports the sessions of another store. */
@Path("/v1/sessions")
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@Tag(name = "Sessions", description = "The sessions that a service stores for its users")
public class SessionImportResource {

    private static final Logger LOG = Logger.getLogger(SessionImportResource.class);
    private static final String LINES = "application/x-ndjson";
    /**
     * How many bytes of answers may wait for the caller: those of more than 50,000 lines. Many HTTP clients send the
     * whole body before they read, and would wait for each other with a server that waits for them.
     */
    private static final int UNREAD_ANSWERS = 16 * 1024 * 1024;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final CallerSessions own;
    private final LineImporter importer;
    private final RunningImports running;
    private final ImportMetrics metrics;
    private final Ticker ticker;

    SessionImportResource(
            CallerSessions own, LineImporter importer, RunningImports running, ImportMetrics metrics, Ticker ticker) {
        this.own = own;
        this.importer = importer;
        this.running = running;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    @POST
    @Path("import")
    @Consumes(LINES)
    @Produces(LINES)
    @PermissionsAllowed(Permission.Needed.SESSIONS_WRITE)
    @Operation(
            operationId = LineImporter.OPERATION,
            summary = "Imports any number of sessions",
            description = "Each line of the body is a session as in `registerSession`. Each line of the response tells"
                    + " what became of one line, in their order; the last one tells how the import ended. Lines are"
                    + " answered while the body is still being sent, so read the response meanwhile. An import can be"
                    + " begun again: a refresh token is stored only once. A caller has one import at a time in a replica. Needs"
                    + " `sessions:write`.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = LINES,
                            schema = @Schema(implementation = NewSession.class),
                            examples = @ExampleObject(name = "lines", value = ImportExamples.BODY)))
    @APIResponse(
            responseCode = "200",
            description = "What became of each line, and last how the import ended",
            content =
                    @Content(
                            mediaType = LINES,
                            schema = @Schema(oneOf = {ImportedLine.class, ImportEnd.class}),
                            examples = @ExampleObject(name = "lines", value = ImportExamples.RESPONSE)))
    @ProblemResponses({})
    public Response importSessions(UriInfo uri, RoutingContext call) {
        QueryParameters.of(uri);
        String caller = own.caller().name();
        Runnable end = running.begin(caller)
                .orElseThrow(() -> Problem.of(ProblemType.TOO_MANY_REQUESTS, "An import of this caller is running")
                        .retryAfter(RETRY_AFTER)
                        .thrown());
        // Runs however the call ends, unless it has ended already.
        call.addEndHandler(ended -> end.run());
        if (call.response().closed() || call.response().ended()) {
            end.run();
        } else {
            call.response().setWriteQueueMaxSize(UNREAD_ANSWERS);
        }
        StreamingOutput answers = out -> answer(call, out);
        return Responses.uncached(200).type(LINES).entity(answers).build();
    }

    private void answer(RoutingContext call, OutputStream answers) {
        try (var body = new ArrivingBody(call, running::isStopping)) {
            new ImportRun(
                            new BodyLines(body.begin(), Problem.MAX_BODY),
                            answers,
                            importer::register,
                            new ImportTally(metrics),
                            running,
                            ticker)
                    .run();
        } catch (IOException e) {
            LOG.debug("An import ended, because the connection broke", e);
        }
    }

    @ServerExceptionMapper
    public Response problem(Throwable failure, SimpleResourceInfo call) {
        return ProblemMapper.of(failure, ProblemMapper.name(call)).response();
    }
}
