package dev.tokenkeep.session;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.time.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session that this attempt, and no other, may refresh until its lease ends.
 *
 * @param version of the refresh token that will be spent
 * @param idToken the stored one: it stays if the authorization server answers none
 * @param grantExpiresAt when it ends whatever is refreshed; null if that is not known
 * @param toldLifetime of its access tokens, as it was told last; null if it never was
 * @param outcomeOpen whether an earlier attempt may have spent this refresh token
 * @param takenOver whether its attempt never told what came of it: its replica died, or has not come back yet
 * @param unproven whether its tokens came after the grant had been marked dead: this attempt shows if it is
 * @param firstSentAt when this version was first sent, by the database's clock: this attempt's claim, or the earlier one's
 * @param dueAt since when it has been due; the claim's time if it was not
 * @param claimedAt the claim's time by the database's clock
 * @param claimedNanos the ticker's reading once the claim had returned: never earlier than {@code claimedAt} really was
 * @param lease by the ticker, counted from before the claim: never later than the database's; its owner renews it
 * @param traceparent the span that claimed it; null without one
 */
public record ClaimedSession(
        String id,
        String registration,
        String subject,
        UUID attemptId,
        long version,
        Secret refreshToken,
        @Nullable Secret idToken,
        @Nullable String scope,
        @Nullable String tokenType,
        @Nullable Instant refreshTokenExpiresAt,
        @Nullable Instant grantExpiresAt,
        @Nullable Instant accessTokenExpiresAt,
        @Nullable Duration toldLifetime,
        int failures,
        boolean outcomeOpen,
        boolean takenOver,
        boolean unproven,
        Instant firstSentAt,
        Instant dueAt,
        Instant claimedAt,
        long claimedNanos,
        Lease lease,
        @Nullable String traceparent) {

    /** Whether it has failed since its last success: a retry, which says nothing new of its authorization server. */
    public boolean failedBefore() {
        return failures > 0;
    }

    /** Whether it came due only after its access token's end, though nothing had failed: nobody had been reading it. */
    public boolean leftAlone() {
        return failures == 0 && accessTokenExpiresAt != null && !dueAt.isBefore(accessTokenExpiresAt);
    }

    /** The database's time at a reading of the ticker, never too late: from the claim on by monotonic time. */
    public Instant databaseTime(long nanos) {
        return claimedAt.plusNanos(nanos - claimedNanos);
    }
}
