package dev.tokenkeep.session.store;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.Session;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Turns a row into the session that may be shown. */
final class RowView {

    private RowView() {}

    static Session of(SessionRow row) {
        boolean refreshed = row.status == SessionStatus.ACTIVE && row.grantType != GrantType.NONE;
        return new Session(
                row.id,
                row.registration,
                new Session.Owner(row.owningCaller, row.subject),
                row.status,
                new Session.Tokens(
                        row.scope,
                        row.accessTokenExpiresAt,
                        row.rtVersion - row.targetRefreshes,
                        row.keyId,
                        row.grantType),
                new Session.Times(row.createdAt, row.refreshedAt, refreshed ? row.refreshDueAt : null),
                row.failureCode == null ? null : new Session.Failure(row.failureCode, row.failureAt, row.failures));
    }

    /** Returns the access token lifetime that the server last stated; null if it never stated one. */
    static @Nullable Duration toldLifetime(SessionRow row) {
        return row.accessTokenLifetime == null ? null : Duration.ofSeconds(row.accessTokenLifetime);
    }
}
