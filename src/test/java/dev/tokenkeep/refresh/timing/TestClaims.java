package dev.tokenkeep.refresh.timing;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Claimed sessions for the tests of plain rules. */
final class TestClaims {

    static final Instant CLAIMED_AT = Instant.parse("2026-01-01T00:00:00Z");

    private TestClaims() {}

    /** Sent before, {@code firstSentAt}, and its access token dies at {@code expiresAt}. */
    static ClaimedSession sentBefore(Instant firstSentAt, @Nullable Instant expiresAt) {
        return sentBefore(0, firstSentAt, expiresAt);
    }

    static ClaimedSession sentBefore(int failures, Instant firstSentAt, @Nullable Instant expiresAt) {
        return claimed(failures, true, firstSentAt, expiresAt);
    }

    static ClaimedSession failedBefore(int failures) {
        return claimed(failures, false, CLAIMED_AT, CLAIMED_AT.plusSeconds(60));
    }

    private static ClaimedSession claimed(
            int failures, boolean outcomeOpen, Instant firstSentAt, @Nullable Instant expiresAt) {
        return new ClaimedSession(
                "session",
                "test",
                "alice",
                new ClaimedSession.Attempt(UUID.randomUUID(), CLAIMED_AT, 0, new Lease(new Deadline(0)), null),
                new ClaimedSession.SpentToken(
                        GrantType.REFRESH_TOKEN, Secret.of("rt"), null, 1, 1, firstSentAt, outcomeOpen, false),
                new ClaimedSession.Before(null, null, null, null, null, expiresAt, 1, null),
                new ClaimedSession.History(failures, false, CLAIMED_AT));
    }
}
