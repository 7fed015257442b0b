package dev.tokenkeep.refresh;

import dev.tokenkeep.refresh.timing.RefreshTiming;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.TokenSet;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** When a session is due after a refresh for a target, which left its own access token as it was. */
@Singleton
class OwnSchedule {

    private final RefreshTiming timing;

    OwnSchedule(RefreshTiming timing) {
        this.timing = timing;
    }

    /** Returns the tokens with the schedule of the session's own access token. */
    TokenSet of(ClaimedRefresh refresh, TokenSet tokens, Instant now) {
        return new TokenSet(
                tokens.refresh(),
                tokens.access(),
                tokens.idToken(),
                tokens.otherSubject(),
                dueAt(refresh, tokens.refresh().keepAliveAt(), now),
                null);
    }

    /** Returns when a session is due whose refresh token was not spent. If it was due before, it still is. */
    Instant asBefore(ClaimedRefresh refresh, Instant now) {
        ClaimedSession session = refresh.session();
        return session.history().dueAt().isBefore(session.attempt().claimedAt())
                ? now
                : dueAt(refresh, session.before().keepAliveAt(), now);
    }

    private Instant dueAt(ClaimedRefresh refresh, @Nullable Instant keepAliveAt, Instant now) {
        ClaimedSession session = refresh.session();
        Instant expiresAt = session.before().accessTokenExpiresAt();
        if (expiresAt == null) {
            return now;
        }
        return timing.next(
                        now,
                        expiresAt,
                        Objects.requireNonNullElse(
                                session.before().toldLifetime(),
                                refresh.registration().accessTokens().defaultExpiresIn()),
                        session.id() + session.spent().version())
                .dueAt(keepAliveAt);
    }
}
