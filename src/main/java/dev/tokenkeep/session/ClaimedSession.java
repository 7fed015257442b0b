package dev.tokenkeep.session;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.time.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A claimed session. Only this attempt may refresh it until its lease ends. */
public record ClaimedSession(
        String id,
        String registration,
        String subject,
        Attempt attempt,
        SpentToken spent,
        Before before,
        History history) {

    /**
     * The attempt to refresh the session.
     *
     * @param claimedAt the time of the claim, by the database's clock
     * @param claimedNanos the ticker's reading after the claim, never earlier than {@code claimedAt} really was
     * @param lease by the ticker from before the claim, so never later than the database's; its owner renews it
     * @param traceparent the span that claimed the session; null if there is none
     */
    public record Attempt(
            UUID id,
            Instant claimedAt,
            long claimedNanos,
            Lease lease,
            @Nullable String traceparent) {}

    /**
     * The refresh token that this attempt spends, or what else the session is renewed with.
     *
     * @param grant says which
     * @param refreshToken the credential of a {@link Renewal}
     * @param dpopKey what the tokens are bound to; null for nothing
     * @param shownVersion the version as readers see it: refreshes for targets do not count
     * @param firstSentAt when this version was first sent, by the database's clock: at this attempt's claim or before
     * @param outcomeOpen whether an earlier attempt may have spent it
     * @param takenOver whether that attempt never recorded its outcome: its replica died, or is not back yet
     */
    public record SpentToken(
            GrantType grant,
            Secret refreshToken,
            @Nullable Secret dpopKey,
            long version,
            long shownVersion,
            Instant firstSentAt,
            boolean outcomeOpen,
            boolean takenOver) {

        /** Returns whether a request may spend it, so that its outcome matters. */
        public boolean isSpent() {
            return grant == GrantType.REFRESH_TOKEN;
        }
    }

    /**
     * What is stored now. It stays unless the response has something else.
     *
     * @param grantExpiresAt when the grant ends, no matter how often it is refreshed; null if unknown
     * @param keepAliveAt when the refresh token has to be used so that it does not expire from inactivity; null if this
     *     is not needed
     * @param grantedVersion the version at which a caller or a sign-in last brought tokens
     * @param toldLifetime the access token lifetime that the server last stated; null if it never stated one
     */
    public record Before(
            @Nullable Secret idToken,
            @Nullable String scope,
            @Nullable Instant refreshTokenExpiresAt,
            @Nullable Instant grantExpiresAt,
            @Nullable Instant keepAliveAt,
            @Nullable Instant accessTokenExpiresAt,
            long grantedVersion,
            @Nullable Duration toldLifetime) {}

    /**
     * What has happened since the session's last success.
     *
     * @param unproven whether its tokens came after the grant was marked as ended; this attempt shows if they are valid
     * @param dueAt when it became due; the time of the claim if it was not due
     */
    public record History(int failures, boolean unproven, Instant dueAt) {}

    /** Returns whether this is a retry after a failure. A retry says nothing new about the authorization server. */
    public boolean failedBefore() {
        return history.failures() > 0;
    }

    /** Returns whether it became due after its access token's end, without a failure: nobody had been reading it. */
    public boolean leftAlone() {
        Instant expiresAt = before.accessTokenExpiresAt();
        return history.failures() == 0 && expiresAt != null && !history.dueAt().isBefore(expiresAt);
    }

    /** Returns the database's time at a reading of the ticker, never too late: monotonic time since the claim. */
    public Instant databaseTime(long nanos) {
        return attempt.claimedAt().plusNanos(nanos - attempt.claimedNanos());
    }
}
