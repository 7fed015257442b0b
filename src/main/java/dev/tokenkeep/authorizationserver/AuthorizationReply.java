package dev.tokenkeep.authorizationserver;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the authorization server answered a request that prepares a sign-in. */
public sealed interface AuthorizationReply<T> {

    record Accepted<T>(T value) implements AuthorizationReply<T> {}

    /** @param code the OAuth error code, or {@code http_405} and similar */
    record Refused<T>(String code) implements AuthorizationReply<T> {}

    /** @param retryAfter null if the server does not say */
    record Unavailable<T>(String code, @Nullable Duration retryAfter) implements AuthorizationReply<T> {}
}
