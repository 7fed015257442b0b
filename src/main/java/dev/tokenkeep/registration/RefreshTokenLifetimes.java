package dev.tokenkeep.registration;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The lifetimes of an authorization server's refresh tokens, as configured: few servers tell them (CONFORMANCE B4).
 *
 * @param absolute from the sign-in on, however often it is refreshed; null if it is not known
 * @param inactivity from the last use; null if it is not known
 */
public record RefreshTokenLifetimes(
        @Nullable Duration absolute, @Nullable Duration inactivity) {

    public static final RefreshTokenLifetimes UNKNOWN = new RefreshTokenLifetimes(null, null);
}
