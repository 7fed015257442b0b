package dev.tokenkeep.tokens;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.UserActionRequiredException;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** What may be served of a session, and what is said where nothing may. */
public final class TokenAvailability {

    private TokenAvailability() {}

    /** The stored access token, if it lives for {@code minTtl} (at least a moment) at the reading {@code nowNanos}. */
    static Optional<AccessToken> token(SessionSnapshot seen, Duration minTtl, long nowNanos) {
        Secret token = seen.access().token();
        Duration remaining = seen.remaining(nowNanos);
        if (token == null || remaining.compareTo(Duration.ZERO) <= 0 || remaining.compareTo(minTtl) < 0) {
            return Optional.empty();
        }
        Session session = seen.session();
        return Optional.of(new AccessToken(
                token.reveal(),
                Objects.requireNonNullElse(seen.access().type(), "Bearer"),
                remaining,
                session.tokens().scope(),
                session.tokens().version(),
                session.status()));
    }

    /** The access token that a refresh brought, if it has not expired on the way. */
    static Optional<AccessToken> token(RefreshResult.Refreshed refreshed, long nowNanos) {
        Duration remaining = Duration.ofNanos(refreshed.expiresAtNanos() - nowNanos);
        if (remaining.compareTo(Duration.ZERO) <= 0) {
            return Optional.empty();
        }
        return Optional.of(new AccessToken(
                refreshed.accessToken().reveal(),
                refreshed.tokenType(),
                remaining,
                refreshed.scope(),
                refreshed.version(),
                SessionStatus.ACTIVE));
    }

    /** Why there is no token after a refresh that ended so. */
    static RuntimeException none(Session session, RefreshResult ending) {
        requireActive(session);
        return unavailable(session.id(), ending);
    }

    /** Nothing new is had of a session that is not active. */
    static void requireActive(Session session) {
        if (session.status() != SessionStatus.USER_ACTION_REQUIRED) {
            requireGrant(session);
            return;
        }
        throw new UserActionRequiredException(session.id(), code(session));
    }

    /** A session whose grant is dead or whose subject is in doubt can't be refreshed. */
    static void requireGrant(Session session) {
        switch (session.status()) {
            case ACTIVE, USER_ACTION_REQUIRED -> {}
            case REAUTHENTICATION_REQUIRED -> throw new ReauthenticationRequiredException(session.id(), code(session));
            case QUARANTINED -> throw new ReauthenticationRequiredException(session.id(), "quarantined");
            case REMOVED -> throw new IllegalStateException("A removed session is never read");
        }
    }

    private static String code(Session session) {
        Session.Failure failure = session.failure();
        return failure == null ? "unknown" : failure.code();
    }

    /** Retry-After is at least a moment. */
    static TokenUnavailableException unavailable(String id, RefreshResult ending) {
        Duration shortest = Duration.ofMillis(100);
        if (ending instanceof RefreshResult.NotNow notNow) {
            Duration wait = notNow.retryAfter();
            return new TokenUnavailableException(id, notNow.reason(), wait.compareTo(shortest) < 0 ? shortest : wait);
        }
        return new TokenUnavailableException(id, Reason.AUTHORIZATION_SERVER_UNAVAILABLE, Duration.ofSeconds(1));
    }
}
