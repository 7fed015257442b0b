package dev.tokenkeep.rest.signin;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.rest.request.RequestBody;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.signin.SignInCompletion;
import dev.tokenkeep.signin.SignInRequest;
import dev.tokenkeep.signin.store.Authorization;
import dev.tokenkeep.signin.store.Authorization.Asked;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides what a caller may begin, and finds its sign-ins. Another caller's is answered like one that does not exist. */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class CallerSignIns {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{16,64}");

    private final SecurityIdentity identity;
    private final ClientRegistrations registrations;
    private final SessionService sessions;
    private final SignInCompletion signIns;
    private final CurrentCall call;

    CallerSignIns(
            SecurityIdentity identity,
            ClientRegistrations registrations,
            SessionService sessions,
            SignInCompletion signIns,
            CurrentCall call) {
        this.identity = identity;
        this.registrations = registrations;
        this.sessions = sessions;
        this.signIns = signIns;
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
        checkUris(caller, asked.redirectUri(), asked.returnUri());
        String replaced = asked.session();
        if (replaced != null) {
            requireReplaceable(caller, replaced, asked);
        }
        return new SignInRequest(
                new Asked(
                        caller.name(),
                        asked.registration(),
                        asked.subject(),
                        Objects.requireNonNullElse(asked.redirectUri(), ""),
                        asked.returnUri(),
                        asked.scope(),
                        asked.session()),
                asked.parameters());
    }

    private static void checkUris(Caller caller, @Nullable String redirectUri, @Nullable String returnUri) {
        if ((redirectUri == null) == (returnUri == null)) {
            throw RequestBody.invalid("redirect_uri", "either this or return_uri is required.");
        }
        if (redirectUri != null && !caller.redirectUris().allows(redirectUri)) {
            throw RequestBody.invalid("redirect_uri", "is not one of this caller's redirect-uris.");
        }
        if (returnUri != null && !caller.returnUris().allows(returnUri)) {
            throw RequestBody.invalid("return_uri", "is not one of this caller's return-uris.");
        }
    }

    private void requireReplaceable(Caller caller, String id, NewAuthorization asked) {
        Session session = sessions.find(id).filter(caller::reaches).orElseThrow(() -> new SessionNotFoundException(id));
        if (!session.registration().equals(asked.registration())) {
            throw RequestBody.invalid("session", "is a session of another registration.");
        }
        if (!session.owner().subject().equals(asked.subject())) {
            throw RequestBody.invalid("session", "is a session of another subject.");
        }
        call.about(session);
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
