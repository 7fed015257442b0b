package dev.tokenkeep.signin;

import dev.tokenkeep.authorizationserver.SignInEndpoints.Look;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.signin.exchange.CodeExchange;
import dev.tokenkeep.signin.exchange.SignInResult;
import dev.tokenkeep.signin.store.Authorization;
import dev.tokenkeep.signin.store.Authorization.Flow;
import dev.tokenkeep.signin.store.AuthorizationStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Completes sign-ins whose callers have their own callback: checks that the authorization server's response belongs to
 * the sign-in, and exchanges the code. A response that does not belong to it leaves it as it was (CONFORMANCE K21).
 */
@ApplicationScoped
public class SignInCompletion {

    private final AuthorizationStore store;
    private final ClientRegistrations registrations;
    private final SignInAddress addresses;
    private final CodeExchange exchange;
    private final SessionService sessions;
    private final Workers workers;

    SignInCompletion(
            AuthorizationStore store,
            ClientRegistrations registrations,
            SignInAddress addresses,
            CodeExchange exchange,
            SessionService sessions,
            Workers workers) {
        this.store = store;
        this.registrations = registrations;
        this.addresses = addresses;
        this.exchange = exchange;
        this.sessions = sessions;
        this.workers = workers;
    }

    /** Returns a caller's sign-in; empty if there is none, or it is another's. Blocks on the database. */
    public Optional<Authorization> find(String id, String caller) {
        return store.find(id, caller);
    }

    /**
     * Completes a sign-in. Blocks on the database, but not on the authorization server.
     *
     * @param callback the address that the browser came to, with its query
     */
    public CompletionStage<SignInResult> complete(Authorization authorization, String callback) {
        if (authorization.asked().isHosted()) {
            return notOurs("hosted_callback");
        }
        if (authorization.asked().flow() == Flow.DEVICE_CODE) {
            return notOurs("device_code_flow");
        }
        Callback read;
        try {
            read = Callback.of(callback, authorization.asked().redirectUri());
        } catch (Callback.Unreadable e) {
            return notOurs(e.code());
        }
        if (read.state() == null || !store.isState(authorization.id(), read.state())) {
            return notOurs("state_mismatch");
        }
        return atTheServer(authorization, (registration, found) -> answered(authorization, registration, found, read));
    }

    /** What is done once the endpoints of the authorization server are known. */
    interface Step {
        CompletionStage<SignInResult> take(ClientRegistration registration, Look.Found found);
    }

    /** Takes a step of a sign-in that has not ended. One that has ended gets the same result again. */
    CompletionStage<SignInResult> atTheServer(Authorization authorization, Step step) {
        if (authorization.progress().isOver()) {
            return result(ended(authorization));
        }
        ClientRegistration registration =
                registrations.find(authorization.asked().registration()).orElse(null);
        if (registration == null) {
            return result(new SignInResult.Unavailable("registration_not_configured", null));
        }
        return addresses
                .endpoints(registration)
                .thenComposeAsync(found -> step.take(registration, found), workers.goingOn())
                .exceptionally(SignInCompletion::unavailable);
    }

    /** The endpoints cannot be found now. The code was not sent. */
    private static SignInResult unavailable(Throwable failure) {
        if (Stages.cause(failure) instanceof SignInException known) {
            return new SignInResult.Unavailable(known.culprit(), known.retryAfter());
        }
        throw Stages.rethrown(failure);
    }

    private CompletionStage<SignInResult> answered(
            Authorization authorization, ClientRegistration registration, Look.Found found, Callback callback) {
        String objection = ResponseCheck.objection(authorization, registration, found, callback);
        if (objection != null) {
            return notOurs(objection);
        }
        if (callback.error() != null) {
            store.noteError(authorization.id(), callback.error());
            return result(new SignInResult.Denied(callback.error()));
        }
        return callback.code() == null
                ? notOurs("code_missing")
                : exchanged(authorization, registration, found, callback.code());
    }

    /** Exchanges the code, once. A call that comes again gets the same result. */
    CompletionStage<SignInResult> exchanged(
            Authorization authorization, ClientRegistration registration, Look.Found found, Secret code) {
        // The registration may have got another server since the callback.
        if (!found.server(registration).equals(authorization.checks().authorizationServer())) {
            return notOurs(ResponseCheck.OTHER_SERVER);
        }
        return exchange.exchange(authorization, registration, found.hasKeys(), code)
                .orElseGet(() -> result(ended(authorization)));
    }

    /** Returns what came of a sign-in that cannot be exchanged any more. */
    private SignInResult ended(Authorization before) {
        Authorization now = store.find(before.id(), before.asked().caller()).orElseThrow();
        return switch (now.progress().status()) {
            case COMPLETED ->
                sessions.find(Objects.requireNonNull(now.progress().session()))
                        .<SignInResult>map(SignInResult.Completed::new)
                        .orElse(new SignInResult.Over("session_removed"));
            case PENDING, AWAITING_CONFIRMATION -> new SignInResult.Exchanging();
            case EXPIRED -> new SignInResult.Over("expired");
            case FAILED ->
                new SignInResult.Over(Objects.requireNonNull(now.progress().error()));
        };
    }

    static CompletionStage<SignInResult> notOurs(String code) {
        return result(new SignInResult.NotOurs(code));
    }

    static CompletionStage<SignInResult> result(SignInResult result) {
        return CompletableFuture.completedFuture(result);
    }
}
