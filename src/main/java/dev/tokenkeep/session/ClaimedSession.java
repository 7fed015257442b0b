package dev.tokenkeep.session;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.time.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A session that this attempt, and no other, may refresh until its lease ends. */
public record ClaimedSession(
        String id,
        String registration,
        String subject,
        Attempt attempt,
        SpentToken spent,
        Before before,
        History history) {

    /**
     * The attempt to refresh it.
     *
     * @param claimedAt the claim's time by the database's clock
     * @param claimedNanos the ticker's reading once the claim had returned: never earlier than {@code claimedAt} really was
     * @param lease by the ticker, counted from before the claim: never later than the database's; its owner renews it
     * @param traceparent the span that claimed it; null without one
     */
    public record Attempt(
            UUID id,
            Instant claimedAt,
            long claimedNanos,
            Lease lease,
            @Nullable String traceparent) {}

    /**
     * The refresh token that this attempt spends.
     *
     * @param firstSentAt when this version was first sent, by the database's clock: this attempt's claim, or the earlier one's
     * @param outcomeOpen whether an earlier attempt may have spent it
     * @param takenOver whether that attempt never told what came of it: its replica died, or has not come back yet
     */
    public record SpentToken(
            Secret refreshToken, long version, Instant firstSentAt, boolean outcomeOpen, boolean takenOver) {}

    /**
     * What is stored now, and stays where the authorization server answers nothing else.
     *
     * @param grantExpiresAt when the grant ends whatever is refreshed; null if that is not known
     * @param toldLifetime of its access tokens, as it was told last; null if it never was
     */
    public record Before(
            @Nullable Secret idToken,
            @Nullable String scope,
            @Nullable Instant refreshTokenExpiresAt,
            @Nullable Instant grantExpiresAt,
            @Nullable Instant accessTokenExpiresAt,
            @Nullable Duration toldLifetime) {}

    /**
     * What happened since its last success.
     *
     * @param unproven whether its tokens came after the grant had been marked dead: this attempt shows if it is
     * @param dueAt since when it has been due; the claim's time if it was not
     */
    public record History(int failures, boolean unproven, Instant dueAt) {}

    /** Whether it has failed since its last success: a retry, which says nothing new of its authorization server. */
    public boolean failedBefore() {
        return history.failures() > 0;
    }

    /** Whether it came due only after its access token's end, though nothing had failed: nobody had been reading it. */
    public boolean leftAlone() {
        Instant expiresAt = before.accessTokenExpiresAt();
        return history.failures() == 0 && expiresAt != null && !history.dueAt().isBefore(expiresAt);
    }

    /** The database's time at a reading of the ticker, never too late: from the claim on by monotonic time. */
    public Instant databaseTime(long nanos) {
        return attempt.claimedAt().plusNanos(nanos - attempt.claimedNanos());
    }
}
