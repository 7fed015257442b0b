package dev.tokenkeep.rest;

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
    private static final String OPERATION = "readAccessToken";

    private final VerifiedTokenCache verified;
    private final CachedAccessTokens cache;
    private final CallLimits limits;
    private final AuditTrail trail;
    private final Ticker ticker;

    TokenFastPath(
            VerifiedTokenCache verified, CachedAccessTokens cache, CallLimits limits, AuditTrail trail, Ticker ticker) {
        this.verified = verified;
        this.cache = cache;
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
        Optional<Found> found = cache.find(read.id(), read.minTtl(), caller::reaches);
        if (found.isPresent() && limits.admit(caller) instanceof Admitted admitted) {
            call.addEndHandler(ended -> admitted.end().run());
            handOut(call, found.get(), caller, start);
        } else {
            call.next();
        }
    }

    /** Writes the audit entry first. A token whose entry cannot be written must not be returned. */
    private void handOut(RoutingContext call, Found found, Caller caller, long start) {
        Context loop = Vertx.currentContext();
        var audited = new CallDetails(RequestId.of(call), caller.name(), found.session(), null, start);
        trail.noteHandedOut(audited.handedOut(OPERATION, found.token().version(), ticker.nanos()))
                .whenComplete((noted, failure) -> {
                    if (Vertx.currentContext() == loop) {
                        answer(call, found, failure);
                    } else {
                        loop.runOnContext(again -> answer(call, found, failure));
                    }
                });
    }

    private void answer(RoutingContext call, Found found, @Nullable Throwable unnoted) {
        if (unnoted != null) {
            call.next();
        } else if (!call.response().closed()) {
            call.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                    .putHeader(HttpHeaders.CACHE_CONTROL, Responses.NO_STORE)
                    .putHeader(RequestId.HEADER, RequestId.of(call))
                    .end(Buffer.buffer(Json.bytes(TokenView.of(cache.handOut(found)))));
        }
    }
}
