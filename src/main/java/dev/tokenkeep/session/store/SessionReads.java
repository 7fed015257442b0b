package dev.tokenkeep.session.store;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.session.CachedSession;
import dev.tokenkeep.session.RegistrationNames;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionPage;
import dev.tokenkeep.session.SessionQuery;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.cache.SessionCache;
import dev.tokenkeep.session.upkeep.UnreadSessions;
import dev.tokenkeep.time.Ticker;
import io.quarkus.hibernate.orm.PersistenceUnit;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

/** Reads sessions and writes nothing. Database queries block, and none is part of a caller's transaction. */
@ApplicationScoped
public class SessionReads {

    private final SessionRows rows;
    private final SessionEncryption encryption;
    private final SessionFactory sessionFactory;
    private final UnreadSessions unread;
    private final SessionCache cache;
    private final Ticker ticker;

    SessionReads(
            SessionRows rows,
            SessionEncryption encryption,
            @PersistenceUnit("tokenkeep") SessionFactory sessionFactory,
            UnreadSessions unread,
            SessionCache cache,
            Ticker ticker) {
        this.rows = rows;
        this.encryption = encryption;
        this.sessionFactory = sessionFactory;
        this.unread = unread;
        this.cache = cache;
        this.ticker = ticker;
    }

    /** Returns the session from the token cache; empty if it has to be read from the database. Does not block. */
    public Optional<CachedSession> remembered(String id) {
        return Optional.ofNullable(cache.find(id));
    }

    /** Records that somebody who may have this session's token wants it. */
    public void wanted(String id) {
        unread.wanted(id);
    }

    /**
     * Reads the session with its access token and caches it.
     *
     * @throws SessionNotFoundException if there is no such session, or it was removed
     * @throws dev.tokenkeep.crypto.UndecryptableException if its key is missing
     */
    @AsksDatabase
    @Transactional(TxType.NOT_SUPPORTED)
    public SessionSnapshot snapshot(String id) {
        var reading = cache.reading(id);
        long nanos = ticker.nanos();
        Object[] found = found(id);
        if (found == null) {
            throw new SessionNotFoundException(id);
        }
        var row = (SessionRow) found[0];
        if (row.status == SessionStatus.REMOVED) {
            throw new SessionNotFoundException(id);
        }
        SessionSnapshot snapshot = snapshot(row, (Instant) found[1], nanos);
        cache.remember(reading, snapshot);
        return snapshot;
    }

    /** Reads the row in one statement and one round trip, without a transaction: it is not managed or compared. */
    private Object @Nullable [] found(String id) {
        try (StatelessSession session = sessionFactory.openStatelessSession()) {
            return session.createSelectionQuery("select s, instant from SessionRow s where s.id = :id", Object[].class)
                    .setParameter("id", id)
                    .getSingleResultOrNull();
        }
    }

    private SessionSnapshot snapshot(SessionRow row, Instant now, long nanos) {
        Session session = row.view();
        Duration remaining = row.accessToken == null ? Duration.ZERO : until(row.accessTokenExpiresAt, now);
        // After a grant's end, tokens are decrypted only if needed: the end is reported even if the key is missing.
        boolean opened = row.status == SessionStatus.ACTIVE || (session.mayServe() && !remaining.isNegative());
        return new SessionSnapshot(
                session,
                new SessionSnapshot.AccessToken(
                        opened ? encryption.accessToken(row) : null,
                        row.tokenType,
                        opened && TokenResponse.isBound(row.tokenType) ? encryption.dpopKey(row) : null,
                        remaining,
                        row.accessToken == null
                                ? Duration.ZERO
                                : Duration.between(row.accessTokenObtainedAt, row.accessTokenExpiresAt)),
                new SessionSnapshot.Attempt(
                        until(row.leaseUntil, now),
                        until(row.notBefore, now),
                        row.outcomeOpen(),
                        row.rtVersion,
                        row.grantedVersion,
                        row.traceparent),
                nanos);
    }

    /**
     * The key that a session's tokens are bound to.
     *
     * @param value null for none
     * @param registration the session's
     * @param grantedVersion says which grant of the session it is for
     */
    public record BoundKey(@Nullable Secret value, String registration, long grantedVersion) {}

    /** @throws SessionNotFoundException if there is no such session, or it was removed */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public BoundKey dpopKey(String id) {
        SessionRow row = rows.findById(id);
        if (row == null || row.status == SessionStatus.REMOVED) {
            throw new SessionNotFoundException(id);
        }
        return new BoundKey(encryption.dpopKey(row), row.registration, row.grantedVersion);
    }

    /** Returns the stored ID token; null if there is none, or no session. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public @Nullable Secret idToken(String id) {
        SessionRow row = rows.findById(id);
        return row == null || row.status == SessionStatus.REMOVED ? null : encryption.idToken(row);
    }

    private static Duration until(@Nullable Instant then, Instant now) {
        return then == null ? Duration.ZERO : Duration.between(now, then);
    }

    private static void registrations(RegistrationNames wanted, StringBuilder where, Parameters parameters) {
        where.append(" and (registration in (:registrations)");
        parameters.and("registrations", wanted.names());
        for (int at = 0; at < wanted.beginnings().size(); at++) {
            String beginning = wanted.beginnings().get(at);
            where.append(" or substring(registration, 1, %d) = :beginning%d".formatted(beginning.length(), at));
            parameters.and("beginning" + at, beginning);
        }
        where.append(')');
    }

    /**
     * Returns the id of the newest active session that the subject has with these registrations; if none is active, of the newest
     * one. Empty if there is none.
     */
    @AsksDatabase
    @Transactional(TxType.NOT_SUPPORTED)
    public Optional<String> newest(Set<String> owningCallers, Set<String> registrations, String subject) {
        try (StatelessSession session = sessionFactory.openStatelessSession()) {
            return session.createSelectionQuery("""
                            select s.id from SessionRow s
                            where s.subject = :subject and s.owningCaller in (:owners) and s.registration in (:registrations)
                            and s.status <> 'REMOVED'
                            order by case when s.status = 'ACTIVE' then 0 else 1 end, s.createdAt desc, s.id""", String.class)
                    .setParameterList("owners", owningCallers)
                    .setParameter("subject", subject)
                    .setParameterList("registrations", registrations)
                    .setMaxResults(1)
                    .getResultStream()
                    .findFirst();
        }
    }

    /** Returns a page of sessions, ordered by id. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public SessionPage page(SessionQuery query) {
        var where = new StringBuilder("owningCaller in (:owners)");
        var parameters = Parameters.with("owners", query.owningCallers());
        if (query.registrations() != null) {
            registrations(query.registrations(), where, parameters);
        }
        if (query.subject() != null) {
            where.append(" and subject = :subject");
            parameters.and("subject", query.subject());
        }
        if (query.status() != null) {
            where.append(" and status = :status");
            parameters.and("status", query.status());
        }
        if (query.after() != null) {
            where.append(" and id > :after");
            parameters.and("after", query.after());
        }
        List<Session> found = rows
                .find(where.append(" and status <> 'REMOVED'").toString(), Sort.by("id"), parameters)
                .range(0, query.limit())
                .stream()
                .map(SessionRow::view)
                .toList();
        boolean more = found.size() > query.limit();
        List<Session> items = more ? found.subList(0, query.limit()) : found;
        return new SessionPage(items, more ? items.get(items.size() - 1).id() : null);
    }
}
