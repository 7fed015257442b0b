package dev.tokenkeep.embedded;

import dev.tokenkeep.NewSignIn;
import dev.tokenkeep.NewSignIn.Means;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.RedirectUris;
import dev.tokenkeep.signin.AllowedSignIns;
import dev.tokenkeep.signin.SignInCompletion;
import dev.tokenkeep.signin.SignInConfig;
import dev.tokenkeep.signin.SignInRequest;
import dev.tokenkeep.signin.SignInRequestCheck;
import dev.tokenkeep.signin.exchange.SignInResult;
import dev.tokenkeep.signin.store.Authorization;
import dev.tokenkeep.signin.store.Authorization.Asked;
import dev.tokenkeep.signin.store.Authorization.Flow;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Decides what the application may begin, and finds its sign-ins. */
@Singleton
@Startup(ConfigViolations.CHECKED)
class ApplicationSignIns {

    private final SignInRequestCheck check;
    private final SignInCompletion signIns;
    private final ClientRegistrations registrations;
    private final AllowedSignIns allowed;

    ApplicationSignIns(
            SignInRequestCheck check,
            SignInCompletion signIns,
            ClientRegistrations registrations,
            SignInConfig config) {
        this.check = check;
        this.registrations = registrations;
        this.signIns = signIns;
        var violations = new ConfigViolations();
        this.allowed = new AllowedSignIns(
                RedirectUris.of("tokenkeep.sign-in.redirect-uris", config.redirectUris(), violations),
                RedirectUris.of("tokenkeep.sign-in.return-uris", config.returnUris(), violations),
                ApplicationSignIns::isOwn);
        violations.throwIfAny();
    }

    private static boolean isOwn(Session session) {
        return session.owner().caller().equals(ApplicationAudit.CALLER);
    }

    ClientRegistration registration(NewSignIn signIn) {
        return registrations
                .find(signIn.registration())
                .orElseThrow(
                        () -> new IllegalArgumentException("registration: there is no registration with this name"));
    }

    SignInRequest request(NewSignIn signIn) {
        var asked = new Asked(
                ApplicationAudit.CALLER,
                signIn.registration(),
                signIn.subject(),
                signIn.means() instanceof Means.UserCode ? Flow.DEVICE_CODE : Flow.AUTHORIZATION_CODE,
                signIn.means() instanceof Means.Callback own ? own.redirectUri() : "",
                signIn.means() instanceof Means.HostedCallback hosted ? hosted.returnUri() : null,
                signIn.scope(),
                signIn.sessionId());
        check.check(asked, allowed);
        return new SignInRequest(asked, signIn.parameters());
    }

    Optional<Authorization> find(String id) {
        return signIns.find(id, ApplicationAudit.CALLER);
    }

    CompletionStage<SignInResult> complete(Authorization authorization, String callback) {
        return signIns.complete(authorization, callback);
    }
}
