package dev.tokenkeep.registration.settings;

import dev.tokenkeep.oauth.Scopes;
import dev.tokenkeep.registration.ClientRegistration.SignIn;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.EndpointCheck;
import dev.tokenkeep.settings.ValueCheck;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the settings of sign-ins. What the protocol sets, nobody else may set (CONFORMANCE K4). */
record SignInCheck(String prefix, ConfigViolations violations) {

    /** Parameters that Tokenkeep sets itself, or that would replace the whole request. */
    private static final Set<String> OWN = Set.of(
            "response_type",
            "client_id",
            "client_secret",
            "client_assertion",
            "client_assertion_type",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "dpop_jkt",
            "request",
            "request_uri");

    /** RFC 6749 appendix A.8. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    SignIn signIn(Registration config, EndpointCheck endpoints) {
        config.authorizationParameters()
                .forEach((name, value) -> checkParameter("authorization-parameters." + name, name, value));
        for (String name : config.callerParameters()) {
            violations.addIf(
                    OWN.contains(name) || !NAME.matcher(name).matches(),
                    prefix + "caller-parameters",
                    "callers may not set " + name);
        }
        config.scope()
                .ifPresent(scope -> violations.addIf(
                        !Scopes.isValid(scope), prefix + "scope", "must be names separated by single spaces"));
        return new SignIn(
                endpoints.uri("authorization-endpoint", config.authorizationEndpoint()),
                endpoints.uri("pushed-authorization-request-endpoint", config.pushedAuthorizationRequestEndpoint()),
                pushed(config),
                endpoints.uri("device-authorization-endpoint", config.deviceAuthorizationEndpoint()),
                new ValueCheck(prefix, violations).flag("verification-uri-complete", config.verificationUriComplete()),
                config.scope().orElse(null),
                Map.copyOf(config.authorizationParameters()),
                Set.copyOf(config.callerParameters()));
    }

    private void checkParameter(String key, String name, String value) {
        violations.addIf(OWN.contains(name), prefix + key, "is set by Tokenkeep itself");
        violations.addIf(value.chars().anyMatch(Character::isISOControl), prefix + key, "contains a control character");
    }

    private @Nullable Boolean pushed(Registration config) {
        if (config.pushedAuthorization().isEmpty()) {
            return null;
        }
        boolean pushed = new ValueCheck(prefix, violations)
                .flag("pushed-authorization", config.pushedAuthorization().get());
        violations.addIf(
                pushed
                        && config.issuer().isEmpty()
                        && config.pushedAuthorizationRequestEndpoint().isEmpty(),
                prefix + "pushed-authorization",
                "needs pushed-authorization-request-endpoint, or an issuer whose metadata names it");
        return pushed;
    }
}
