package dev.tokenkeep;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Hands out access tokens of kept sessions: {@code @Inject TokenProvider}.
 *
 * <p>A token that lives for at least {@code minTtl} is answered at once. Otherwise the session is refreshed, at most once
 * a call, together with everybody else who waits for it. {@code minTtl} is capped by the refresh margin, so that no value
 * makes every call refresh. If the refresh fails, a token that has not expired yet is still answered: also where the grant has
 * ended, which {@link AccessToken#status} tells, unless the refresh token may have been used twice.
 *
 * <p>All methods throw (or fail the {@link Uni} with) {@link SessionNotFoundException},
 * {@link ReauthenticationRequiredException}, {@link UserActionRequiredException} or {@link TokenUnavailableException}; and
 * with {@code tokenkeep.audit.fail-closed} {@link AuditUnavailableException}.
 */
public interface TokenProvider {

    /** A token that has not expired; blocks for the time of a refresh at most. Not for the event loop. */
    default AccessToken accessToken(String sessionId) {
        return accessToken(sessionId, Duration.ZERO);
    }

    /** A token that lives for {@code minTtl}, where the margin allows it; blocks for the time of a refresh at most. */
    AccessToken accessToken(String sessionId, Duration minTtl);

    /** As {@link #accessToken(String)}, without blocking the caller's thread. */
    default Uni<AccessToken> accessTokenAsync(String sessionId) {
        return accessTokenAsync(sessionId, Duration.ZERO);
    }

    /** As {@link #accessToken(String, Duration)}, without blocking the caller's thread. */
    Uni<AccessToken> accessTokenAsync(String sessionId, Duration minTtl);
}
