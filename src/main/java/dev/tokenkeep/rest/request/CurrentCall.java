package dev.tokenkeep.rest.request;

import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.RequestScoped;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The call that this request makes, as the audit will tell it. */
@RequestScoped
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class CurrentCall {

    private final CurrentIdentityAssociation association;
    private final long startNanos;
    private final String requestId;
    private @Nullable Session session;
    private boolean noted;

    CurrentCall(CurrentIdentityAssociation association, CurrentVertxRequest request, Ticker ticker) {
        this.association = association;
        this.startNanos = ticker.nanos();
        this.requestId = RequestId.of(request.getCurrent());
    }

    /** What the call is about, once it is known to be the caller's. */
    public Session about(Session found) {
        session = found;
        return found;
    }

    /** For whoever notes the call by itself. */
    public CallDetails notedElsewhere() {
        noted = true;
        return told();
    }

    boolean noted() {
        return noted;
    }

    String requestId() {
        return requestId;
    }

    CallDetails told() {
        Caller caller = caller();
        return new CallDetails(requestId, caller == null ? null : caller.name(), session, startNanos);
    }

    /** Null for nobody, and for whoever could not show who it is. Waits for nothing. */
    private @Nullable Caller caller() {
        CompletableFuture<SecurityIdentity> identity =
                association.getDeferredIdentity().subscribeAsCompletionStage();
        return identity.isDone() && !identity.isCompletedExceptionally()
                ? identity.join().getAttribute(Caller.ATTRIBUTE)
                : null;
    }
}
