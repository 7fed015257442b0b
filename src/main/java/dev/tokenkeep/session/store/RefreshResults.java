package dev.tokenkeep.session.store;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.RefreshOutcome;
import dev.tokenkeep.session.RetrySchedule;
import dev.tokenkeep.session.TokenSet;
import dev.tokenkeep.session.fingerprint.RefreshTokenLookup;
import dev.tokenkeep.session.fingerprint.RefreshTokenOwners;
import dev.tokenkeep.session.revocation.Revocations;
import dev.tokenkeep.session.targets.TargetTokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Steps 3 and 4 of a refresh. Stores the results of attempts in one short transaction, with the rows locked. Every
 * method can be called again after an exception: a commit whose acknowledgement was lost is recognised.
 */
@ApplicationScoped
public class RefreshResults {

    private final SessionRows rows;
    private final RefreshTokenLookup lookup;
    private final RefreshedRows refreshed;
    private final SessionEncryption encryption;
    private final Revocations revocations;
    private final TargetTokens targets;

    RefreshResults(
            SessionRows rows,
            RefreshTokenLookup lookup,
            RefreshedRows refreshed,
            SessionEncryption encryption,
            Revocations revocations,
            TargetTokens targets) {
        this.rows = rows;
        this.lookup = lookup;
        this.refreshed = refreshed;
        this.encryption = encryption;
        this.revocations = revocations;
        this.targets = targets;
    }

    /**
     * The tokens that an attempt received.
     *
     * @param revokeReplaced whether to revoke them if the attempt lost to a caller's new tokens
     * @param now by the database's clock
     * @param ofTheApi whether the API added the registration. Once nothing is left of the session, it may be that of another
     *     client, and nothing may be revoked by its name
     * @param target where the access token is stored if it is for a target; null for the session's own. Otherwise that one
     *     stays as it is
     */
    public record Answer(
            ClaimedSession claimed,
            TokenSet tokens,
            boolean revokeReplaced,
            Instant now,
            boolean ofTheApi,
            TargetTokens.@Nullable Place target) {

        /** Tokens of the session's own. */
        public Answer(ClaimedSession claimed, TokenSet tokens, boolean revokeReplaced, Instant now) {
            this(claimed, tokens, revokeReplaced, now, false, null);
        }
    }

    /** Stores an answer, if the row still has the version that was spent. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public RefreshOutcome store(Answer answer) {
        return stored(List.of(answer)).get(0);
    }

    /** Stores the answers of several sessions as {@link #store} does, all or none. Returns outcomes in order. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public List<RefreshOutcome> storeAll(List<Answer> answers) {
        return stored(answers);
    }

    private List<RefreshOutcome> stored(List<Answer> answers) {
        Map<String, SessionRow> locked = rows.lockedForRefresh(
                answers.stream().map(answer -> answer.claimed().id()).toList());
        RefreshTokenOwners owners = lookup.owners(
                answers.stream()
                        .map(answer -> answer.claimed().registration())
                        .distinct()
                        .toList(),
                answers.stream()
                        .map(answer -> answer.tokens().refresh().token())
                        .toList());
        var changed = new LinkedHashSet<SessionRow>();
        List<RefreshOutcome> outcomes = answers.stream()
                .map(answer -> store(locked.get(answer.claimed().id()), answer, owners, changed))
                .toList();
        refreshed.write(changed);
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) == RefreshOutcome.STORED) {
                storeForTarget(answers.get(i));
            }
        }
        return outcomes;
    }

    private void storeForTarget(Answer answer) {
        ClaimedSession claimed = answer.claimed();
        TokenSet.AccessToken access = answer.tokens().access();
        if (answer.target() != null && access.token() != null) {
            targets.store(answer.target(), access, claimed.spent().version() + 1);
        }
    }

    private RefreshOutcome store(
            @Nullable SessionRow row, Answer answer, RefreshTokenOwners owners, Set<SessionRow> changed) {
        ClaimedSession claimed = answer.claimed();
        if (row == null) {
            return orphaned(answer, !answer.ofTheApi());
        }
        if (row.rtVersion == claimed.spent().version() && row.revivable()) {
            changed.add(row);
            return change(row, answer, owners);
        }
        if (row.attemptedBy(claimed.attempt().id())
                && row.rtVersion == claimed.spent().version() + 1) {
            return row.status == SessionStatus.QUARANTINED ? RefreshOutcome.QUARANTINED : RefreshOutcome.STORED;
        }
        if (!row.revivable()) {
            return orphaned(answer, true);
        }
        if (row.grantedVersion > claimed.spent().version()) {
            return orphaned(answer, answer.revokeReplaced());
        }
        return RefreshOutcome.SUPERSEDED;
    }

    private RefreshOutcome change(SessionRow row, Answer answer, RefreshTokenOwners owners) {
        TokenSet tokens = answer.target() == null
                ? answer.tokens()
                : encryption.withOwnAccessToken(row, answer.tokens(), answer.now());
        Instant now = answer.now();
        boolean late = row.status == SessionStatus.REAUTHENTICATION_REQUIRED;
        EncryptedTokens sealed = encryption.sealNext(row, tokens);
        row.tokens(
                tokens,
                sealed,
                owners.fingerprint(row.id, row.registration, tokens.refresh().token()));
        row.targetRefreshes += answer.target() == null ? 0 : 1;
        row.refreshedAt = now;
        row.attemptId = answer.claimed().attempt().id();
        if (tokens.otherSubject()) {
            row.withoutAccessToken();
            return RefreshOutcome.QUARANTINED;
        }
        if (late) {
            row.unproven(now);
        }
        return late ? RefreshOutcome.UNPROVEN : RefreshOutcome.STORED;
    }

    /**
     * Restores the previous ID token, because the one that {@code claimed} received cannot be trusted. Does nothing if
     * the session has changed since.
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void takeBackIdToken(ClaimedSession claimed) {
        SessionRow row = rows.locked(claimed.id());
        if (row != null
                && row.attemptedBy(claimed.attempt().id())
                && row.rtVersion == claimed.spent().version() + 1
                && row.revivable()) {
            row.sealed(encryption.withIdToken(row, claimed.before().idToken()));
        }
    }

    private RefreshOutcome orphaned(Answer answer, boolean revoke) {
        ClaimedSession claimed = answer.claimed();
        TokenSet tokens = answer.tokens();
        if (revoke && tokens.refresh().rotated()) {
            revocations.add(
                    claimed.id(),
                    claimed.registration(),
                    tokens.refresh().token(),
                    claimed.spent().version() + 1,
                    answer.now());
        }
        return RefreshOutcome.ORPHANED;
    }

    /** Ends an attempt that brought no tokens. Does nothing if the row no longer belongs to this attempt. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void postpone(ClaimedSession claimed, RetrySchedule postponement, Instant now) {
        SessionRow row = mine(claimed);
        if (row != null) {
            row.postponed(postponement, now);
        }
    }

    /**
     * Ends a session whose refresh token was refused for good. Checks this with the row locked: if another attempt has
     * changed the version or holds the row, the refusal says nothing about the session, and that attempt decides.
     *
     * @return whether this call ended it
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public boolean end(ClaimedSession claimed, SessionStatus end, String code, Instant now) {
        SessionRow row = mine(claimed);
        if (row == null) {
            return false;
        }
        boolean news = row.status != end;
        row.ended(end, code, now);
        return news;
    }

    private @Nullable SessionRow mine(ClaimedSession claimed) {
        SessionRow row = rows.locked(claimed.id());
        boolean mine = row != null
                && row.rtVersion == claimed.spent().version()
                && row.attemptedBy(claimed.attempt().id())
                && (row.status == SessionStatus.ACTIVE || row.status == SessionStatus.USER_ACTION_REQUIRED);
        return mine ? row : null;
    }
}
