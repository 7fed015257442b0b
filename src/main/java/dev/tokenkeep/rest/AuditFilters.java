package dev.tokenkeep.rest;

import dev.tokenkeep.audit.AuditTrail;
import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/**
 * Audits every change and every refusal; a token that is handed out is noted before it is, by {@link TokensResource}. What
 * only looks and finds is not audited.
 */
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class AuditFilters {

    static final String REQUEST_ID = "X-Request-Id";

    /** By their names in the API's contract, which the methods bear too. */
    private static final Set<String> LOOKS = Set.of("showSession", "listSessions", "listRegistrations", "listKeys");

    private final AuditTrail trail;
    private final CallUnderWay call;
    private final Ticker ticker;

    AuditFilters(AuditTrail trail, CallUnderWay call, Ticker ticker) {
        this.trail = trail;
        this.call = call;
        this.ticker = ticker;
    }

    @Audited
    @ServerRequestFilter
    public void begins(ContainerRequestContext request) {
        call.named(request.getHeaderString(REQUEST_ID));
    }

    @Audited
    @ServerResponseFilter
    public void ends(ContainerRequestContext request, ContainerResponseContext response, SimpleResourceInfo info) {
        // Whoever lacks the permission is refused before it begins.
        call.named(request.getHeaderString(REQUEST_ID));
        response.getHeaders().putSingle(REQUEST_ID, call.requestId());
        int status = response.getStatus();
        String operation = info.getMethodName();
        if (status < 400 && (call.noted() || LOOKS.contains(operation))) {
            return;
        }
        trail.note(call.told().entry(operation, status, reason(response), ticker.nanos()));
    }

    private static @Nullable String reason(ContainerResponseContext response) {
        return response.getEntity() instanceof Problem problem ? problem.type().slug() : null;
    }
}
