package dev.tokenkeep.signin;

import dev.tokenkeep.authorizationserver.SignInEndpoints.Look;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.store.Authorization;
import org.jspecify.annotations.Nullable;

/** Checks whose response a callback is (RFC 9207 §2.4, RFC 9700 §4.4.2). */
final class ResponseCheck {

    static final String OTHER_SERVER = "other_authorization_server";

    private ResponseCheck() {}

    /** Returns why the response is not from the authorization server of this sign-in; null if it may be. */
    static @Nullable String objection(
            Authorization authorization, ClientRegistration registration, Look.Found found, Callback callback) {
        if (!found.server(registration).equals(authorization.checks().authorizationServer())) {
            return OTHER_SERVER;
        }
        String issuer = callback.issuer();
        if (issuer == null) {
            return found.namesIssuer() ? "iss_missing" : null;
        }
        return registration.server().issuer() == null
                        || issuer.equals(registration.server().issuer().toString())
                ? null
                : "iss_mismatch";
    }
}
