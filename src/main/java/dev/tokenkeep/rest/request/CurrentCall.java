package dev.tokenkeep.rest.request;

import dev.tokenkeep.audit.AuditEntry.PresentedUser;
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

/** The current call, as the audit records it. */
@RequestScoped
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class CurrentCall {

    private final CurrentIdentityAssociation association;
    private final long startNanos;
    private final String requestId;
    private @Nullable Session session;
    private @Nullable String registration;
    private @Nullable PresentedUser user;
    private boolean noted;

    CurrentCall(CurrentIdentityAssociation association, CurrentVertxRequest request, Ticker ticker) {
        this.association = association;
        this.startNanos = ticker.nanos();
        this.requestId = RequestId.of(request.getCurrent());
    }

    /** Sets the session that the call is about, once it is known to be the caller's. */
    public Session about(Session found) {
        session = found;
        return found;
    }

    /** Sets the registration that the call is about, once it is known that the caller may use it. */
    public void aboutRegistration(String name) {
        registration = name;
    }

    /** Sets whose JWT the caller presented, once it is verified. */
    public void presents(PresentedUser verified) {
        user = verified;
    }

    /** Returns the details for code that audits the call itself. The filter then audits only a failure. */
    public CallDetails notedElsewhere() {
        noted = true;
        return told();
    }

    boolean noted() {
        return noted;
    }

    public String requestId() {
        return requestId;
    }

    CallDetails told() {
        Caller caller = caller();
        return new CallDetails(
                requestId, caller == null ? null : caller.name(), session, registration, user, startNanos);
    }

    /** Returns null if the request has no authenticated caller. Never blocks. */
    private @Nullable Caller caller() {
        CompletableFuture<SecurityIdentity> identity =
                association.getDeferredIdentity().subscribeAsCompletionStage();
        return identity.isDone() && !identity.isCompletedExceptionally()
                ? identity.join().getAttribute(Caller.ATTRIBUTE)
                : null;
    }
}
