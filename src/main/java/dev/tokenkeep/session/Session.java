package dev.tokenkeep.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A kept session as anybody may see it: no tokens. Times are the database's.
 *
 * @param owningCaller the configured name of the caller that registered it
 * @param scope granted, space-separated; null if never told
 * @param accessTokenExpiresAt null while there is no access token
 * @param refreshDueAt when the job refreshes it; null unless it is {@link SessionStatus#ACTIVE}
 * @param refreshedAt the last refresh that was stored; null before the first
 * @param failure the last failure since the last success
 * @param version grows with every change of tokens
 * @param keyId the key that its tokens are encrypted with
 */
public record Session(
        String id,
        String registration,
        String subject,
        String owningCaller,
        SessionStatus status,
        @Nullable String scope,
        @Nullable Instant accessTokenExpiresAt,
        @Nullable Instant refreshDueAt,
        @Nullable Instant refreshedAt,
        Instant createdAt,
        @Nullable Failure failure,
        long version,
        String keyId) {

    /**
     * Why the last refresh did not succeed.
     *
     * @param code an OAuth error code or our own word
     * @param attempts failures in a row
     */
    public record Failure(String code, Instant at, int attempts) {}
}
