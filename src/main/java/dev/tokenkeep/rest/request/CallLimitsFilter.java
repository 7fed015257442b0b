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

/** Holds callers to their limits, once it is known who calls and that it may, and before anything is done for it. */
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class CallLimitsFilter {

    private final CallLimits limits;
    private final SecurityIdentity identity;

    CallLimitsFilter(CallLimits limits, SecurityIdentity identity) {
        this.limits = limits;
        this.identity = identity;
    }

    /** Empty to go on. */
    @ApiEndpoint
    @ServerRequestFilter
    public Optional<Response> admit(RoutingContext call) {
        Caller caller = identity.getAttribute(Caller.ATTRIBUTE);
        if (caller == null) {
            // Whoever is nobody's caller gets no further than the check of permissions.
            return Optional.empty();
        }
        Admission admission = limits.admit(caller);
        if (admission instanceof Admission.TooMany tooMany) {
            return Optional.of(Problem.of(ProblemType.TOO_MANY_REQUESTS, "The caller is over its limit")
                    .retryAfter(tooMany.retryAfter())
                    .response());
        }
        // However it ends: answered, failed, or given up by the caller.
        call.addEndHandler(ended -> ((Admission.Admitted) admission).end().run());
        return Optional.empty();
    }
}
