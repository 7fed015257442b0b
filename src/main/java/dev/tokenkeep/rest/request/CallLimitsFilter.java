package dev.tokenkeep.rest.request;

import dev.tokenkeep.caller.CallLimits;
import dev.tokenkeep.caller.CallLimits.Admission;
import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemType;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Enforces the callers' limits, once the caller is known and permitted and before any work is done for it. */
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class CallLimitsFilter {

    private final CallLimits limits;
    private final SecurityIdentity identity;

    CallLimitsFilter(CallLimits limits, SecurityIdentity identity) {
        this.limits = limits;
        this.identity = identity;
    }

    /** Returns empty if the call may proceed. */
    @ApiEndpoint
    @ServerRequestFilter
    public Optional<Response> admit(RoutingContext call) {
        Caller caller = identity.getAttribute(Caller.ATTRIBUTE);
        if (caller == null) {
            // The check of permissions refuses an identity that is not a caller.
            return Optional.empty();
        }
        Admission admission = limits.admit(caller);
        if (admission instanceof Admission.TooMany tooMany) {
            return Optional.of(Problem.of(ProblemType.TOO_MANY_REQUESTS, "The caller is over its limit")
                    .retryAfter(tooMany.retryAfter())
                    .response());
        }
        // Runs however the call ends: answered, failed, or cancelled by the caller.
        Runnable end = ((Admission.Admitted) admission).end();
        call.addEndHandler(ended -> end.run());
        if (call.response().closed()) {
            // The caller went away while it was authenticated: no handler runs any more.
            end.run();
        }
        return Optional.empty();
    }
}
