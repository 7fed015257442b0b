package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemType;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.smallrye.jwt.runtime.auth.JsonWebTokenCredential;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates the callers of the token endpoint by their JWTs. A JWT comes as Bearer, or as {@code client_assertion}
 * (RFC 7523 §2.2). Never blocks: an issuer that hangs must not hold the threads that other callers need.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class CallerAuthentication {

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    /** Longer than the keys of an issuer take to be fetched or given up. */
    private static final Duration VERIFIED_WITHIN = Duration.ofSeconds(20);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final IdentityProviderManager providers;

    CallerAuthentication(IdentityProviderManager providers) {
        this.providers = providers;
    }

    /** A caller, with what its JWT says of it. */
    record AuthenticatedCaller(
            Caller caller,
            @Nullable String issuer,
            @Nullable String subject) {}

    /**
     * Authenticates whoever the header says, or nobody if there is none. From then on the call has an identity, or the
     * reason why it has none, and nothing that asks for it has to wait.
     */
    CompletionStage<SecurityIdentity> ofHeader(RoutingContext call) {
        // Otherwise Quarkus answers a failure itself. The resource is to do that.
        call.remove(QuarkusHttpUser.AUTH_FAILURE_HANDLER);
        return known(QuarkusHttpUser.getSecurityIdentity(call, providers), call);
    }

    /** Authenticates the caller by what the form has, if it has anything. */
    CompletionStage<SecurityIdentity> ofForm(ExchangeForm form, SecurityIdentity ofHeader, RoutingContext call) {
        if (form.one("client_secret") != null) {
            throw ExchangeError.notAuthenticated("client_secret: callers have no secret here, but a JWT.");
        }
        String assertion = form.one("client_assertion");
        if (assertion == null) {
            return Uni.createFrom().item(ofHeader).subscribeAsCompletionStage();
        }
        if (call.request().getHeader(HttpHeaders.AUTHORIZATION) != null) {
            throw ExchangeError.of(
                    ExchangeError.INVALID_REQUEST, "client_assertion", "is there besides an Authorization header.");
        }
        if (!ASSERTION_TYPE.equals(form.one("client_assertion_type"))) {
            throw ExchangeError.of(
                    ExchangeError.INVALID_REQUEST, "client_assertion_type", "must be " + ASSERTION_TYPE + ".");
        }
        Uni<SecurityIdentity> verified = providers
                .authenticate(new TokenAuthenticationRequest(new JsonWebTokenCredential(assertion)))
                .onFailure(AuthenticationFailedException.class)
                .transform(refused -> ExchangeError.notAuthenticated("client_assertion: is not valid."));
        return known(verified, call);
    }

    private static CompletionStage<SecurityIdentity> known(Uni<SecurityIdentity> identity, RoutingContext call) {
        return identity.ifNoItem()
                .after(VERIFIED_WITHIN)
                .failWith(CallerAuthentication::unavailable)
                .invoke(found -> QuarkusHttpUser.setIdentity(found, call))
                .onFailure()
                .invoke(failure -> call.put(
                        QuarkusHttpUser.DEFERRED_IDENTITY_KEY, Uni.createFrom().<SecurityIdentity>failure(failure)))
                .subscribeAsCompletionStage();
    }

    private static ProblemException unavailable() {
        return Problem.of(ProblemType.ISSUER_UNAVAILABLE, "The caller's token cannot be verified in time")
                .retryAfter(RETRY_AFTER)
                .thrown();
    }

    /** Returns the caller that was authenticated, if it may read tokens. */
    static AuthenticatedCaller permitted(SecurityIdentity identity, @Nullable String clientId) {
        Caller caller = identity.getAttribute(Caller.ATTRIBUTE);
        if (caller == null) {
            throw ExchangeError.notAuthenticated(
                    identity.isAnonymous()
                            ? "A caller's JWT is required, as client_assertion or as Authorization: Bearer."
                            : "The JWT is of no configured caller.");
        }
        JsonWebToken jwt = identity.getPrincipal() instanceof JsonWebToken token ? token : null;
        String subject = jwt == null ? null : jwt.getSubject();
        if (clientId != null && !Objects.equals(clientId, subject)) {
            throw ExchangeError.notAuthenticated("client_id: is not the subject of the JWT.");
        }
        if (!caller.permissions().contains(Permission.TOKENS_READ)) {
            throw ExchangeError.refused(ExchangeError.UNAUTHORIZED_CLIENT, "The caller needs tokens:read.");
        }
        return new AuthenticatedCaller(caller, jwt == null ? null : jwt.getIssuer(), subject);
    }
}
