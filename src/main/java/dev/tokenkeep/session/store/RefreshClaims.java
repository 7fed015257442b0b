package dev.tokenkeep.session.store;

import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.DueTerms;
import dev.tokenkeep.session.RetrySchedule;
import dev.tokenkeep.session.budget.Budgets;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Step 1 of a refresh: claims sessions in one short transaction each call. A session whose refresh token can't be opened
 * is reported and postponed, never ended.
 */
@ApplicationScoped
public class RefreshClaims {

    private static final Logger LOG = Logger.getLogger(RefreshClaims.class);
    private static final Duration UNDECRYPTABLE_AGAIN = Duration.ofMinutes(5);
    /** What has not failed before, and of this what is nearest to its access token's death. */
    private static final Comparator<ClaimedSession> FIRST = Comparator.comparing(ClaimedSession::failedBefore)
            .thenComparing(
                    claimed -> claimed.before().accessTokenExpiresAt(),
                    Comparator.nullsFirst(Comparator.naturalOrder()));

    private final ClaimQuery query;
    private final Budgets budgets;
    private final SessionEncryption encryption;
    private final TokenCipher cipher;
    private final Ticker ticker;

    RefreshClaims(ClaimQuery query, Budgets budgets, SessionEncryption encryption, TokenCipher cipher, Ticker ticker) {
        this.query = query;
        this.budgets = budgets;
        this.encryption = encryption;
        this.cipher = cipher;
        this.ticker = ticker;
    }

    /**
     * What a claim of due sessions brought.
     *
     * @param more the registrations that may have more due sessions than they had permits or budget for
     * @param cutOff whether any of them may have more, because the claim had as many as it may
     */
    public record DueClaim(List<ClaimedSession> sessions, Set<String> more, boolean cutOff) {

        public static final DueClaim NONE = new DueClaim(List.of(), Set.of(), false);
    }

    /**
     * Claims due sessions of these registrations, as many as their budgets allow.
     *
     * @param limit of all registrations together
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public DueClaim due(List<DueTerms> due, int limit) {
        long before = ticker.nanos();
        List<DueTerms> allowed = budgets.within(due);
        List<DueTerms> some = allowed.stream().filter(one -> one.most() > 0).toList();
        List<SessionRow> rows = some.isEmpty() ? List.of() : query.due(some, cipher.keyIds(), limit);
        budgets.spend(due.stream().map(DueTerms::terms).toList(), claimed(rows));
        Set<String> more = allowed.stream()
                .filter(one -> mayHaveMore(one, rows))
                .map(one -> one.terms().registration())
                .collect(Collectors.toSet());
        return new DueClaim(opened(rows, due.get(0).terms(), before), more, rows.size() == limit);
    }

    private static List<Budgets.Claimed> claimed(List<SessionRow> rows) {
        return rows.stream()
                .map(row -> new Budgets.Claimed(row.registration, row.failures > 0))
                .toList();
    }

    private static boolean mayHaveMore(DueTerms one, List<SessionRow> rows) {
        List<SessionRow> own = rows.stream()
                .filter(row -> row.registration.equals(one.terms().registration()))
                .toList();
        long retries = own.stream().filter(row -> row.failures > 0).count();
        return own.size() == one.most() || (retries > 0 && retries == one.retries());
    }

    /**
     * Claims this session now, due or not; empty if it can't be claimed now, for whatever reason.
     *
     * @param version only if it is still at this one: who saw an older one has been served meanwhile
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<ClaimedSession> one(String id, OptionalLong version, boolean forced, ClaimTerms terms) {
        long before = ticker.nanos();
        if (!budgets.allowsReader(terms)) {
            return Optional.empty();
        }
        List<SessionRow> rows = query.one(id, version, forced, terms, cipher.keyIds());
        budgets.spend(List.of(terms), claimed(rows));
        return opened(rows, terms, before).stream().findFirst();
    }

    private List<ClaimedSession> opened(List<SessionRow> rows, ClaimTerms terms, long before) {
        long after = ticker.nanos();
        var claimed = new ArrayList<ClaimedSession>(rows.size());
        for (SessionRow row : rows) {
            Instant claimedAt = row.leaseUntil.minus(terms.lease());
            try {
                claimed.add(open(row, claimedAt, after, new Lease(Deadline.after(before, terms.lease()))));
            } catch (UndecryptableException e) {
                LOG.errorf("Session %s is kept but not refreshed: %s", row.id, e.getMessage());
                row.postponed(
                        new RetrySchedule(
                                "undecryptable", claimedAt.plus(UNDECRYPTABLE_AGAIN), row.sentAt.isBefore(claimedAt)),
                        claimedAt);
            }
        }
        claimed.sort(FIRST);
        return claimed;
    }

    private ClaimedSession open(SessionRow row, Instant claimedAt, long claimedNanos, Lease lease) {
        Secret refreshToken = encryption.refreshToken(row);
        boolean sentBefore = row.sentAt.isBefore(claimedAt);
        boolean neverTold = row.failureAt == null || row.failureAt.isBefore(row.sentAt);
        return new ClaimedSession(
                row.id,
                row.registration,
                row.subject,
                new ClaimedSession.Attempt(row.attemptId, claimedAt, claimedNanos, lease, row.traceparent),
                new ClaimedSession.SpentToken(
                        refreshToken, row.rtVersion, row.sentAt, sentBefore, sentBefore && neverTold),
                new ClaimedSession.Before(
                        encryption.idToken(row),
                        row.scope,
                        row.refreshTokenExpiresAt,
                        row.grantExpiresAt,
                        row.accessTokenExpiresAt,
                        row.toldLifetime()),
                new ClaimedSession.History(row.failures, row.isUnproven(), row.refreshDueAt));
    }
}
