package dev.tokenkeep.rest.request;

import dev.tokenkeep.audit.AuditTrail;
import dev.tokenkeep.problem.ReportedProblem;
import dev.tokenkeep.rest.TokensResource;
import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/**
 * Audits every change and every refusal. {@link TokensResource} audits a token before it returns it. Other successful
 * reads are not audited.
 */
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class AuditFilters {

    /** Their operation ids in the API's contract, which are also the names of the methods. */
    private static final Set<String> LOOKS = Set.of(
            "showSession", "listSessions", "showAuthorization", "listRegistrations", "showRegistration", "listKeys");

    private final AuditTrail trail;
    private final CurrentCall call;
    private final Ticker ticker;

    AuditFilters(AuditTrail trail, CurrentCall call, Ticker ticker) {
        this.trail = trail;
        this.call = call;
        this.ticker = ticker;
    }

    /** Starts the call's time and sets its request id. A caller without the permission was refused before. */
    @ApiEndpoint
    @ServerRequestFilter
    public void begins() {
        call.requestId();
    }

    @ApiEndpoint
    @ServerResponseFilter
    public void ends(ContainerResponseContext response, SimpleResourceInfo info) {
        response.getHeaders().putSingle(RequestId.HEADER, call.requestId());
        int status = response.getStatus();
        String operation = info.getMethodName();
        if (status < 400 && (call.noted() || LOOKS.contains(operation))) {
            return;
        }
        trail.note(call.told().entry(operation, status, reason(response), ticker.nanos()));
    }

    private static @Nullable String reason(ContainerResponseContext response) {
        return response.getEntity() instanceof ReportedProblem problem
                ? problem.type().slug()
                : null;
    }
}
