package dev.tokenkeep.rest;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.audit.AuditTrail;
import dev.tokenkeep.caller.CallLimits;
import dev.tokenkeep.caller.CallLimits.Admission.Admitted;
import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.caller.VerifiedTokenCache;
import dev.tokenkeep.problem.Json;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.rest.request.CallDetails;
import dev.tokenkeep.rest.request.RequestId;
import dev.tokenkeep.time.Ticker;
import dev.tokenkeep.tokens.CachedAccessTokens;
import dev.tokenkeep.tokens.CachedAccessTokens.Found;
import dev.tokenkeep.tokens.SubjectSessions;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers a read of an access token on the event loop, if the caller was verified a moment ago and the token is in
 * memory. The response is the same as that of {@link TokensResource#readAccessToken}. All other requests go there:
 * this class refuses nothing and reports no errors.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class TokenFastPath {

    private static final int AFTER_PREFILTER = 400;
    private static final String BY_ID = "readAccessToken";
    private static final String BY_SUBJECT = "readSubjectAccessToken";

    private final VerifiedTokenCache verified;
    private final CachedAccessTokens cache;
    private final SubjectSessions subjects;
    private final CallLimits limits;
    private final AuditTrail trail;
    private final Ticker ticker;

    TokenFastPath(
            VerifiedTokenCache verified,
            CachedAccessTokens cache,
            SubjectSessions subjects,
            CallLimits limits,
            AuditTrail trail,
            Ticker ticker) {
        this.verified = verified;
        this.cache = cache;
        this.subjects = subjects;
        this.limits = limits;
        this.trail = trail;
        this.ticker = ticker;
    }

    void register(@Observes Filters filters) {
        filters.register(this::serve, AFTER_PREFILTER);
    }

    private void serve(RoutingContext call) {
        long start = ticker.nanos();
        FastPathRequest read = FastPathRequest.of(call.request());
        Caller caller = read == null ? null : verified.find(read.authorization());
        if (read == null || caller == null || !caller.permissions().contains(Permission.TOKENS_READ)) {
            call.next();
            return;
        }
        String id = read.wanted().id(caller, subjects);
        boolean bySubject = read.wanted() instanceof FastPathRequest.BySubject;
        Optional<Found> found = id == null
                ? Optional.empty()
                : cache.find(id, read.minTtl(), caller::reaches).filter(one -> !bySubject || isActive(one));
        if (found.isPresent() && limits.admit(caller) instanceof Admitted admitted) {
            call.addEndHandler(ended -> admitted.end().run());
            handOut(call, found.get(), bySubject, caller, start);
        } else {
            call.next();
        }
    }

    /** Otherwise there may be a newer one. */
    private static boolean isActive(Found found) {
        return found.session().status() == SessionStatus.ACTIVE;
    }

    /** Writes the audit entry first. A token whose entry cannot be written must not be returned. */
    private void handOut(RoutingContext call, Found found, boolean bySubject, Caller caller, long start) {
        Context loop = Vertx.currentContext();
        var audited = new CallDetails(RequestId.of(call), caller.name(), found.session(), null, start);
        String operation = bySubject ? BY_SUBJECT : BY_ID;
        trail.noteHandedOut(audited.handedOut(operation, found.token().version(), ticker.nanos()))
                .whenComplete((noted, failure) -> {
                    if (Vertx.currentContext() == loop) {
                        answer(call, found, bySubject, failure);
                    } else {
                        loop.runOnContext(again -> answer(call, found, bySubject, failure));
                    }
                });
    }

    private void answer(RoutingContext call, Found found, boolean bySubject, @Nullable Throwable unnoted) {
        if (unnoted != null) {
            call.next();
        } else if (!call.response().closed()) {
            if (bySubject) {
                call.response()
                        .putHeader(
                                HttpHeaders.CONTENT_LOCATION,
                                SubjectTokens.location(found.session().id()));
            }
            call.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                    .putHeader(HttpHeaders.CACHE_CONTROL, Responses.NO_STORE)
                    .putHeader(RequestId.HEADER, RequestId.of(call))
                    .end(Buffer.buffer(Json.bytes(TokenView.of(cache.handOut(found)))));
        }
    }
}
