package dev.tokenkeep.rest.signin;

import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.rest.request.RequestBody;
import dev.tokenkeep.signin.AllowedSignIns;
import dev.tokenkeep.signin.SignInCompletion;
import dev.tokenkeep.signin.SignInRequest;
import dev.tokenkeep.signin.SignInRequestCheck;
import dev.tokenkeep.signin.SignInWaiters;
import dev.tokenkeep.signin.store.Authorization;
import dev.tokenkeep.signin.store.Authorization.Asked;
import dev.tokenkeep.signin.store.Authorization.Flow;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides what a caller may begin, and finds its sign-ins. Another caller's is answered like one that does not exist. */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class CallerSignIns {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{16,64}");

    private final SecurityIdentity identity;
    private final ClientRegistrations registrations;
    private final SignInRequestCheck check;
    private final SignInCompletion signIns;
    private final SignInWaiters waiters;
    private final CurrentCall call;

    CallerSignIns(
            SecurityIdentity identity,
            ClientRegistrations registrations,
            SignInRequestCheck check,
            SignInCompletion signIns,
            SignInWaiters waiters,
            CurrentCall call) {
        this.identity = identity;
        this.registrations = registrations;
        this.check = check;
        this.signIns = signIns;
        this.waiters = waiters;
        this.call = call;
    }

    ClientRegistration usable(String name) {
        ClientRegistration registration = registrations
                .find(name)
                .orElseThrow(() -> RequestBody.invalid("registration", "there is no registration with this name."));
        Caller caller = Caller.of(identity);
        if (!caller.mayBegin(name)) {
            throw Problem.of(
                            ProblemType.FORBIDDEN,
                            "This caller may not begin sign-ins with this registration. It must be named in the"
                                    + " caller's registrations.")
                    .thrown();
        }
        return registration;
    }

    SignInRequest request(NewAuthorization asked) {
        Caller caller = Caller.of(identity);
        var wanted = new Asked(
                caller.name(),
                asked.registration(),
                asked.subject(),
                flow(asked.flow()),
                Objects.requireNonNullElse(asked.redirectUri(), ""),
                asked.returnUri(),
                asked.scope(),
                asked.session());
        var allowed = new AllowedSignIns(caller.redirectUris(), caller.returnUris(), caller::reaches);
        check.check(wanted, allowed).ifPresent(call::about);
        return new SignInRequest(wanted, asked.parameters());
    }

    private static Flow flow(@Nullable String name) {
        if (name == null || name.equals("authorization_code")) {
            return Flow.AUTHORIZATION_CODE;
        }
        if (name.equals("device_code")) {
            return Flow.DEVICE_CODE;
        }
        throw RequestBody.invalid("flow", "must be authorization_code or device_code.");
    }

    /** Returns the sign-in once it no longer waits for its user, or after a time. */
    CompletionStage<Authorization> awaited(String id, Duration wait) {
        // They count as calls of their caller, and must leave it room for others.
        int most = Math.max(1, Caller.of(identity).maxConcurrency() / 4);
        return waiters.await(require(id), wait, most);
    }

    Authorization require(String id) {
        return Optional.of(id)
                .filter(ID.asMatchPredicate())
                .flatMap(one -> signIns.find(one, Caller.of(identity).name()))
                .orElseThrow(() -> Problem.of(
                                ProblemType.AUTHORIZATION_NOT_FOUND, "The caller has no authorization with this id")
                        .thrown());
    }
}
