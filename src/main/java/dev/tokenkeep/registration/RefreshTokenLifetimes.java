package dev.tokenkeep.registration;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an authorization server's refresh tokens live, as far as its operator declares it: few servers tell
 * (CONFORMANCE B4).
 *
 * @param absolute from the sign-in, whatever is refreshed; null if it is not known
 * @param inactivity from the last use; null if it is not known
 */
public record RefreshTokenLifetimes(
        @Nullable Duration absolute, @Nullable Duration inactivity) {

    public static final RefreshTokenLifetimes UNKNOWN = new RefreshTokenLifetimes(null, null);
}
