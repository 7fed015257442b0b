package dev.tokenkeep.session;

import dev.tokenkeep.SessionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A kept session as anybody may see it: no tokens. Times are the database's.
 *
 * @param failure the last failure since the last success
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
     * Whose it is.
     *
     * @param caller the configured name of the caller that registered it
     * @param subject as that caller named it
     */
    public record Owner(String caller, String subject) {}

    /**
     * What may be told of its tokens.
     *
     * @param scope granted, space-separated; null if never told
     * @param accessTokenExpiresAt null while there is no access token
     * @param version grows with every change of tokens
     * @param keyId the key that they are encrypted with
     */
    public record Tokens(@Nullable String scope, @Nullable Instant accessTokenExpiresAt, long version, String keyId) {}

    /**
     * When what happens to it.
     *
     * @param refreshedAt the last refresh that was stored; null before the first
     * @param refreshDueAt when the job refreshes it; null unless it is {@link SessionStatus#ACTIVE}
     */
    public record Times(
            Instant createdAt,
            @Nullable Instant refreshedAt,
            @Nullable Instant refreshDueAt) {}

    /**
     * Whether its access token may be served while it lasts. The end of a grant leaves it good, and its resource server decides;
     * but not where the refresh token may have been spent twice, upon which servers revoke both.
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
     * @param code an OAuth error code or our own word
     * @param attempts failures in a row
     */
    public record Failure(String code, Instant at, int attempts) {}
}
