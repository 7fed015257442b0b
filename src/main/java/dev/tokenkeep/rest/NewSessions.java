package dev.tokenkeep.rest;

import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.grants.GrantExchange;
import dev.tokenkeep.grants.GrantRequest;
import dev.tokenkeep.grants.GrantResult;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.registration.ClientGrant;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.RegistrationResult;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Registers the sessions that callers send: with tokens, or with a grant that brings some. */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class NewSessions {

    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(5);
    private static final String CODE = "code";

    private final CallerSessions own;
    private final SessionService sessions;
    private final GrantExchange exchange;
    private final Workers workers;

    NewSessions(CallerSessions own, SessionService sessions, GrantExchange exchange, Workers workers) {
        this.own = own;
        this.sessions = sessions;
        this.exchange = exchange;
        this.workers = workers;
    }

    /** Blocks on the database, but not on the authorization server. */
    CompletionStage<RegistrationResult> register(NewSession asked) {
        NewGrant grant = asked.grant();
        if (grant != null) {
            return granted(asked, grant);
        }
        String registration = own.usable(asked.registration());
        return CompletableFuture.completedFuture(
                sessions.register(registration, asked.subject(), own.caller().name(), asked.tokens()));
    }

    private CompletionStage<RegistrationResult> granted(NewSession asked, NewGrant grant) {
        ClientRegistration registration = own.grantable(asked.registration(), grant.type());
        String caller = own.caller().name();
        if (grant.type() == ClientGrant.CLIENT_CREDENTIALS) {
            return CompletableFuture.completedFuture(
                    sessions.registerClient(registration.name(), asked.subject(), caller, grant.scope()));
        }
        Grant sent = Grant.of(grant.type().type(), grant.parameters());
        return exchange.exchange(
                        new GrantRequest(registration, asked.subject(), caller, sent, grant.scope()), workers.goingOn())
                .thenApply(NewSessions::registered);
    }

    private static RegistrationResult registered(GrantResult result) {
        if (result instanceof GrantResult.Granted granted) {
            return granted.registered();
        }
        if (result instanceof GrantResult.Refused refused) {
            Problem problem = Problem.of(
                            ProblemType.AUTHORIZATION_DENIED, "The authorization server gave no tokens for this grant.")
                    .with(CODE, refused.code());
            throw (refused.claims() == null ? problem : problem.with("claims", refused.claims())).thrown();
        }
        var unavailable = (GrantResult.Unavailable) result;
        throw Problem.of(
                        ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE,
                        "No session was registered; repeat the same call.")
                .with(CODE, unavailable.code())
                .retryAfter(Objects.requireNonNullElse(unavailable.retryAfter(), DEFAULT_RETRY_AFTER))
                .thrown();
    }
}
