package dev.tokenkeep.signin;

import dev.tokenkeep.oauth.Secret;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that has begun.
 *
 * @param uri where the user's browser has to go
 * @param state what the browser brings back, which the caller compares with the browser's own session; null for the
 *     hosted callback
 */
public record BegunSignIn(String id, URI uri, @Nullable Secret state, Duration expiresIn) {

    @Override
    public String toString() {
        return "[sign-in " + id + "]";
    }
}
