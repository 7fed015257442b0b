package dev.tokenkeep.session;

import dev.tokenkeep.SessionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as it may be shown: without its tokens. Times are by the database's clock.
 *
 * @param failure the last failure since the last success; null if there is none
 */
public record Session(
        String id,
        String registration,
        Owner owner,
        SessionStatus status,
        Tokens tokens,
        Times times,
        @Nullable Failure failure) {

    /**
     * The owner of a session.
     *
     * @param caller the configured name of the caller that registered it
     * @param subject the subject as that caller named it
     */
    public record Owner(String caller, String subject) {}

    /**
     * What may be shown of the tokens.
     *
     * @param scope the granted scope, space-separated; null if it was never stated
     * @param accessTokenExpiresAt null while there is no access token
     * @param version increases with every change of tokens
     * @param keyId the id of the key that encrypts them
     * @param grant how the next access token is got
     */
    public record Tokens(
            @Nullable String scope,
            @Nullable Instant accessTokenExpiresAt,
            long version,
            String keyId,
            GrantType grant) {}

    /**
     * When the session was created, was refreshed and will be refreshed.
     *
     * @param refreshedAt the time of the last refresh that was stored; null before the first
     * @param refreshDueAt when the job refreshes it; null unless it is {@link SessionStatus#ACTIVE}
     */
    public record Times(
            Instant createdAt,
            @Nullable Instant refreshedAt,
            @Nullable Instant refreshDueAt) {}

    /** Returns whether it has a refresh token that is not refused. */
    public boolean keepsRefreshToken() {
        return tokens.grant() == GrantType.REFRESH_TOKEN
                && (status == SessionStatus.ACTIVE || status == SessionStatus.USER_ACTION_REQUIRED);
    }

    /**
     * Returns whether its access token may be served until it expires. An ended grant leaves it valid, and its resource
     * server decides. It is not served if the refresh token may have been spent twice: servers then revoke both tokens.
     */
    public boolean mayServe() {
        return switch (status) {
            case ACTIVE, USER_ACTION_REQUIRED -> true;
            case REAUTHENTICATION_REQUIRED -> failure == null || !failure.code().equals(FailureCode.OUTCOME_UNKNOWN);
            case QUARANTINED, REMOVED -> false;
        };
    }

    /**
     * Why the last refresh did not succeed.
     *
     * @param code an OAuth error code or a code of our own
     * @param attempts the number of failures in a row
     */
    public record Failure(String code, Instant at, int attempts) {}
}
