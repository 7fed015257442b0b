package dev.tokenkeep.session.store;

import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.ClaimCondition;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.DueTerms;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.Renewal;
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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Step 1 of a refresh. Claims sessions, in one short transaction per call. A session whose secrets cannot be
 * decrypted is logged and postponed, never ended.
 */
@ApplicationScoped
public class RefreshClaims {

    private static final Logger LOG = Logger.getLogger(RefreshClaims.class);
    private static final Duration UNDECRYPTABLE_RETRY_DELAY = Duration.ofMinutes(5);
    /** Sessions that have not failed come first, and among them those whose access tokens expire first. */
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
     * The result of claiming due sessions.
     *
     * @param more the registrations that may have more due sessions than they had permits or budget for
     * @param cutOff whether any registration may have more, because the claim reached its limit
     */
    public record DueClaim(List<ClaimedSession> sessions, Set<String> more, boolean cutOff) {

        public static final DueClaim NONE = new DueClaim(List.of(), Set.of(), false);
    }

    /**
     * Claims due sessions of these registrations, as many as their budgets allow.
     *
     * @param limit for all registrations together
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
        return new DueClaim(
                opened(rows, due.stream().map(DueTerms::terms).toList(), before), more, rows.size() == limit);
    }

    private static List<Budgets.Claimed> claimed(List<SessionRow> rows) {
        return rows.stream()
                // Nothing is sent for these.
                .filter(row -> row.grantType != GrantType.NONE)
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
     * Claims this session now, due or not. Returns empty if it cannot be claimed now, for any reason.
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<ClaimedSession> one(String id, ClaimCondition condition, ClaimTerms terms) {
        long before = ticker.nanos();
        if (!budgets.allowsReader(terms)) {
            return Optional.empty();
        }
        List<SessionRow> rows = query.one(id, condition, terms, cipher.keyIds());
        budgets.spend(List.of(terms), claimed(rows));
        return opened(rows, List.of(terms), before).stream().findFirst();
    }

    /** @param all has the terms of each row's registration */
    private List<ClaimedSession> opened(List<SessionRow> rows, List<ClaimTerms> all, long before) {
        long after = ticker.nanos();
        Map<String, ClaimTerms> byRegistration =
                all.stream().collect(Collectors.toMap(ClaimTerms::registration, terms -> terms));
        var claimed = new ArrayList<ClaimedSession>(rows.size());
        for (SessionRow row : rows) {
            ClaimTerms terms = Objects.requireNonNull(byRegistration.get(row.registration));
            Instant claimedAt = row.leaseUntil.minus(terms.lease());
            try {
                addMissingKey(row, terms);
                claimed.add(open(row, claimedAt, after, new Lease(Deadline.after(before, terms.lease()))));
            } catch (UndecryptableException e) {
                LOG.errorf("Session %s is kept but not refreshed: %s", row.id, e.getMessage());
                row.postponed(
                        new RetrySchedule(
                                "undecryptable",
                                claimedAt.plus(UNDECRYPTABLE_RETRY_DELAY),
                                row.sentAt.isBefore(claimedAt)),
                        claimedAt);
            }
        }
        claimed.sort(FIRST);
        return claimed;
    }

    /** A session that began before its registration wanted keys gets one, which is stored before it is used. */
    private void addMissingKey(SessionRow row, ClaimTerms terms) {
        Secret dpopKey = row.dpopKey == null && row.grantType != GrantType.NONE
                ? terms.dpopKeys().get()
                : null;
        if (dpopKey != null) {
            row.sealed(encryption.withDpopKey(row, dpopKey));
        }
    }

    private ClaimedSession open(SessionRow row, Instant claimedAt, long claimedNanos, Lease lease) {
        Secret refreshToken = encryption.refreshToken(row);
        boolean sentBefore = row.sentAt.isBefore(claimedAt);
        GrantType grant = Renewal.grant(
                row.grantType, refreshToken, row.grantType == GrantType.NONE ? encryption.accessToken(row) : null);
        boolean outcomeOpen = sentBefore && grant == GrantType.REFRESH_TOKEN;
        boolean neverTold = row.failureAt == null || row.failureAt.isBefore(row.sentAt);
        return new ClaimedSession(
                row.id,
                row.registration,
                row.subject,
                new ClaimedSession.Attempt(row.attemptId, claimedAt, claimedNanos, lease, row.traceparent),
                new ClaimedSession.SpentToken(
                        grant,
                        refreshToken,
                        encryption.dpopKey(row),
                        row.rtVersion,
                        row.rtVersion - row.targetRefreshes,
                        row.sentAt,
                        outcomeOpen,
                        outcomeOpen && neverTold),
                new ClaimedSession.Before(
                        encryption.idToken(row),
                        row.scope,
                        row.refreshTokenExpiresAt,
                        row.grantExpiresAt,
                        row.keepAliveAt,
                        row.accessTokenExpiresAt,
                        row.grantedVersion,
                        RowView.toldLifetime(row)),
                new ClaimedSession.History(row.failures, row.isUnproven(), row.refreshDueAt));
    }
}
