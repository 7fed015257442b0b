package dev.tokenkeep;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Returns access tokens of kept sessions: {@code @Inject TokenProvider}.
 *
 * <p>A token that is valid for at least {@code minTtl} is returned at once. Otherwise the session is refreshed, at
 * most once per call. Calls that wait for the same session share one refresh. {@code minTtl} is capped by the refresh
 * margin, so that no value makes every call refresh. If the refresh fails, a token that has not expired yet is still
 * returned. This is also so if the user has to sign in again, which {@link AccessToken#status} shows, unless the
 * refresh token may have been used twice.
 *
 * <p>All methods throw (or fail the {@link Uni} with) {@link SessionNotFoundException},
 * {@link ReauthenticationRequiredException}, {@link UserActionRequiredException} or
 * {@link TokenUnavailableException}. With {@code tokenkeep.audit.fail-closed} they also throw
 * {@link AuditUnavailableException}.
 */
public interface TokenProvider {

    /** Returns a token that has not expired. Blocks at most for the time of a refresh. Not for the event loop. */
    default AccessToken accessToken(String sessionId) {
        return accessToken(sessionId, Duration.ZERO);
    }

    /**
     * Returns a token that is valid for {@code minTtl}, capped by the margin. Blocks at most for the time of a
     * refresh.
     */
    AccessToken accessToken(String sessionId, Duration minTtl);

    /** Returns the same as {@link #accessToken(String)}, without blocking the calling thread. */
    default Uni<AccessToken> accessTokenAsync(String sessionId) {
        return accessTokenAsync(sessionId, Duration.ZERO);
    }

    /** Returns the same as {@link #accessToken(String, Duration)}, without blocking the calling thread. */
    Uni<AccessToken> accessTokenAsync(String sessionId, Duration minTtl);

    /**
     * Returns an access token for a target. It has not expired. Blocks at most for the time of a refresh. Not for the event
     * loop.
     *
     * @param target its name, as in {@code tokenkeep.registrations.<name>.targets.<target>}
     * @throws UnknownTargetException if the session's registration has no such target
     * @throws TargetRefusedException if there is no access token for it; the session goes on
     */
    default AccessToken accessToken(String sessionId, String target) {
        return accessToken(sessionId, target, Duration.ZERO);
    }

    /** Returns a token as {@link #accessToken(String, String)} does, that is valid for {@code minTtl}, capped by the margin. */
    AccessToken accessToken(String sessionId, String target, Duration minTtl);

    /** Returns the same as {@link #accessToken(String, String, Duration)}, without blocking the calling thread. */
    Uni<AccessToken> accessTokenAsync(String sessionId, String target, Duration minTtl);
}
