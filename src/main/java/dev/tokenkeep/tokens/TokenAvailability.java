package dev.tokenkeep.tokens;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.UserActionRequiredException;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Decides which token of a session may be served, and which exception is thrown if none may. */
public final class TokenAvailability {

    private TokenAvailability() {}

    /**
     * Returns the stored access token, if it has not expired and is valid for {@code minTtl} at the reading
     * {@code nowNanos}.
     */
    static Optional<AccessToken> token(SessionSnapshot seen, Duration minTtl, long nowNanos) {
        Secret token = seen.access().token();
        Duration remaining = seen.remaining(nowNanos);
        if (token == null || remaining.compareTo(Duration.ZERO) <= 0 || remaining.compareTo(minTtl) < 0) {
            return Optional.empty();
        }
        Session session = seen.session();
        return Optional.of(new AccessToken(
                token.reveal(),
                Objects.requireNonNullElse(seen.access().type(), TokenResponse.BEARER),
                remaining,
                session.tokens().scope(),
                session.tokens().version(),
                session.status()));
    }

    /** Returns the stored access token, which has not expired. */
    public static AccessToken present(SessionSnapshot seen, long nowNanos) {
        return token(seen, Duration.ZERO, nowNanos)
                .orElseThrow(() -> unavailable(seen.session().id()));
    }

    /** Returns the access token that a refresh brought, if it has not expired meanwhile. */
    public static Optional<AccessToken> token(RefreshResult.Refreshed refreshed, long nowNanos) {
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

    /** Returns the exception for a session that has no token after this result of a refresh. */
    static RuntimeException none(Session session, RefreshResult ending) {
        requireActive(session);
        return unavailable(session.id(), ending);
    }

    /** Throws if the session is not active, since it then gets no new tokens. */
    public static void requireActive(Session session) {
        if (session.status() != SessionStatus.USER_ACTION_REQUIRED) {
            requireGrant(session);
            return;
        }
        throw new UserActionRequiredException(
                session.id(), session.registration(), session.owner().subject(), code(session));
    }

    /** Throws if the session cannot be refreshed: its refresh token is no longer valid or its subject is in doubt. */
    static void requireGrant(Session session) {
        switch (session.status()) {
            case ACTIVE, USER_ACTION_REQUIRED -> {}
            case REAUTHENTICATION_REQUIRED -> throw signInAgain(session, code(session));
            case QUARANTINED -> throw signInAgain(session, "quarantined");
            case REMOVED -> throw new IllegalStateException("A removed session is never read");
        }
    }

    /** Throws if the session has an access token alone. */
    public static void requireRenewal(Session session, String code) {
        if (session.tokens().grant() == GrantType.NONE) {
            throw signInAgain(session, code);
        }
    }

    private static ReauthenticationRequiredException signInAgain(Session session, String code) {
        return new ReauthenticationRequiredException(
                session.id(), session.registration(), session.owner().subject(), code);
    }

    private static String code(Session session) {
        Session.Failure failure = session.failure();
        return failure == null ? "unknown" : failure.code();
    }

    /** Returns the exception for a session that can be asked for again in a moment. */
    public static TokenUnavailableException unavailable(String id) {
        return unavailable(id, new RefreshResult.Changed());
    }

    /** Returns the exception with a retry-after of at least 100 ms. */
    public static TokenUnavailableException unavailable(String id, RefreshResult ending) {
        Duration shortest = Duration.ofMillis(100);
        if (ending instanceof RefreshResult.NotNow notNow) {
            Duration wait = notNow.retryAfter();
            return new TokenUnavailableException(id, notNow.reason(), wait.compareTo(shortest) < 0 ? shortest : wait);
        }
        return new TokenUnavailableException(id, Reason.AUTHORIZATION_SERVER_UNAVAILABLE, Duration.ofSeconds(1));
    }
}
