package dev.tokenkeep.signin;

import dev.tokenkeep.authorizationserver.AuthorizationReply;
import dev.tokenkeep.authorizationserver.PushedAuthorizationEndpoint;
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
        return endpoints.of(registration, HARD_CAP).thenApply(look -> (Look.Found) found(registration, look));
    }

    /** Returns the endpoint for the device grant. Fails with a {@link SignInException} if there is none. */
    CompletionStage<Look.FoundDevice> device(ClientRegistration registration) {
        return endpoints.device(registration, HARD_CAP).thenApply(look -> (Look.FoundDevice) found(registration, look));
    }

    private static Look found(ClientRegistration registration, Look look) {
        if (look instanceof Look.Missing missing) {
            throw failure(registration, missing);
        }
        return look;
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
                .thenApply(reply -> {
                    var accepted = accepted(reply, "pushed authorization request");
                    return new Address(request.uri(found.authorization(), accepted.requestUri()), accepted.expiresIn());
                });
    }

    /**
     * Returns what the authorization server answered.
     *
     * @throws SignInException if it answered with an error, or not at all
     */
    static <T> T accepted(AuthorizationReply<T> reply, String request) {
        if (reply instanceof AuthorizationReply.Unavailable<T> unavailable) {
            throw SignInException.unavailable(unavailable.code(), unavailable.retryAfter());
        }
        if (reply instanceof AuthorizationReply.Refused<T> refused) {
            throw SignInException.notPossible(refused.code(), "The authorization server refused the " + request);
        }
        return ((AuthorizationReply.Accepted<T>) reply).value();
    }
}
