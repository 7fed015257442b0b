package dev.tokenkeep.signin;

import dev.tokenkeep.authorizationserver.PushedAuthorizationEndpoint;
import dev.tokenkeep.authorizationserver.PushedAuthorizationEndpoint.Result;
import dev.tokenkeep.authorizationserver.SignInEndpoints;
import dev.tokenkeep.authorizationserver.SignInEndpoints.Look;
import dev.tokenkeep.registration.ClientRegistration;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Makes the address of an authorization server where a browser signs in. Pushes the request first where that is asked. */
@Singleton
class SignInAddress {

    private static final Duration HARD_CAP = Duration.ofSeconds(10);

    private final SignInEndpoints endpoints;
    private final PushedAuthorizationEndpoint pushed;

    SignInAddress(SignInEndpoints endpoints, PushedAuthorizationEndpoint pushed) {
        this.endpoints = endpoints;
        this.pushed = pushed;
    }

    /**
     * Where the browser goes.
     *
     * @param expiresIn how long a pushed request is good for; null if the request was not pushed
     */
    record Address(URI uri, @Nullable Duration expiresIn) {

        @Override
        public String toString() {
            return "[address]";
        }
    }

    /** Returns the endpoints. Fails with a {@link SignInException} if there are none. */
    CompletionStage<Look.Found> endpoints(ClientRegistration registration) {
        return endpoints.of(registration, HARD_CAP).thenApply(look -> {
            if (look instanceof Look.Missing missing) {
                throw failure(registration, missing);
            }
            return (Look.Found) look;
        });
    }

    private static SignInException failure(ClientRegistration registration, Look.Missing missing) {
        return missing.configured()
                ? SignInException.notPossible(
                        missing.code(),
                        "Registration " + registration.name()
                                + " has no such endpoint, neither configured nor in its issuer's metadata")
                : SignInException.unavailable(missing.code(), null);
    }

    /** Returns the address. Fails with a {@link SignInException} if the request cannot be pushed. */
    CompletionStage<Address> of(ClientRegistration registration, Look.Found found, AuthorizationRequest request) {
        if (found.pushedRequests() == null) {
            return CompletableFuture.completedFuture(new Address(request.uri(found.authorization()), null));
        }
        return pushed.push(registration, found.pushedRequests(), request.parameters(), HARD_CAP)
                .thenApply(result -> new Address(
                        request.uri(found.authorization(), pushed(result).requestUri()),
                        pushed(result).expiresIn()));
    }

    private static Result.Pushed pushed(Result result) {
        if (result instanceof Result.Unavailable unavailable) {
            throw SignInException.unavailable(unavailable.code(), unavailable.retryAfter());
        }
        if (result instanceof Result.Refused refused) {
            throw SignInException.notPossible(
                    refused.code(), "The authorization server refused the pushed authorization request");
        }
        return (Result.Pushed) result;
    }

    /** Returns the issuer, or the pair of endpoints where none is known (RFC 9700 §4.4.2). */
    static String server(ClientRegistration registration, Look.Found found) {
        URI issuer = registration.server().issuer();
        return issuer == null
                ? found.authorization() + " " + registration.server().tokenEndpoint()
                : issuer.toString();
    }
}
