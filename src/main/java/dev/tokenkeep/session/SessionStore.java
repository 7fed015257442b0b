package dev.tokenkeep.session;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.session.Registered.Existing;
import dev.tokenkeep.session.Registered.KeptElsewhere;
import dev.tokenkeep.session.Registered.Stored;
import dev.tokenkeep.session.Registered.Where;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.exception.ConstraintViolationException;
import org.jboss.logging.Logger;

/** Keeps, replaces and removes sessions. All methods block, each in a transaction of its own. */
@ApplicationScoped
public class SessionStore {

    private static final Logger LOG = Logger.getLogger(SessionStore.class);
    private static final int ID_BYTES = 24;

    private final SessionRows rows;
    private final SessionSealer sealer;
    private final Fingerprints fingerprints;
    private final Revocations revocations;
    private final SecureRandom random = new SecureRandom();

    SessionStore(SessionRows rows, SessionSealer sealer, Fingerprints fingerprints, Revocations revocations) {
        this.rows = rows;
        this.sealer = sealer;
        this.fingerprints = fingerprints;
        this.revocations = revocations;
    }

    /**
     * Keeps a new session, unless its refresh token is kept already: one refresh token, one row.
     *
     * @param tokens made for the database's present time
     */
    @AsksDatabase
    public Registered register(
            String registration, String subject, String owningCaller, Function<Instant, TokenSet> tokens) {
        try {
            return QuarkusTransaction.requiringNew().call(() -> insert(registration, subject, owningCaller, tokens));
        } catch (ConstraintViolationException e) {
            // The same refresh token came twice at once; the other one has won, and is found now.
            return QuarkusTransaction.requiringNew().call(() -> insert(registration, subject, owningCaller, tokens));
        }
    }

    private Registered insert(
            String registration, String subject, String owningCaller, Function<Instant, TokenSet> tokensAt) {
        Instant now = rows.now();
        TokenSet tokens = tokensAt.apply(now);
        byte[] fingerprint = fingerprints.of(tokens.refreshToken());
        SessionRow kept = rows.keeping(registration, fingerprint);
        if (kept != null) {
            boolean own = kept.owningCaller.equals(owningCaller) && kept.status != SessionStatus.REMOVED;
            if (own && !kept.subject.equals(subject)) {
                return new KeptElsewhere(Where.ANOTHER_SUBJECT);
            }
            return own ? new Existing(kept.view()) : elsewhere(kept, owningCaller);
        }
        var row = new SessionRow();
        row.id = newId();
        row.registration = registration;
        row.subject = subject;
        row.owningCaller = owningCaller;
        row.createdAt = now;
        granted(row, tokens, fingerprint);
        rows.persistAndFlush(row);
        return new Stored(row.view());
    }

    /** A caller learns nothing of another's sessions. */
    private static KeptElsewhere elsewhere(SessionRow kept, String owningCaller) {
        boolean removed = kept.owningCaller.equals(owningCaller) && kept.status == SessionStatus.REMOVED;
        return new KeptElsewhere(removed ? Where.REMOVED_SESSION : Where.ANOTHER_SESSION);
    }

    /**
     * New tokens for a session: it goes on with them, ACTIVE. A refresh under way loses to them. The refresh token that
     * the session was registered with, or has now, changes nothing in an active one.
     *
     * @param revokeReplaced whether the refresh token that goes is revoked
     * @throws SessionNotFoundException if there is none, or it was removed
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Registered replace(String id, Function<Instant, TokenSet> tokensAt, boolean revokeReplaced) {
        SessionRow row = rows.locked(id);
        if (row == null || row.status == SessionStatus.REMOVED) {
            throw new SessionNotFoundException(id);
        }
        Instant now = rows.now();
        TokenSet tokens = tokensAt.apply(now);
        byte[] fingerprint = fingerprints.of(tokens.refreshToken());
        SessionRow kept = rows.keeping(row.registration, fingerprint);
        if (kept == row) {
            // The tokens in quarantine are another subject's: only new ones end it.
            if (row.status != SessionStatus.ACTIVE && row.revivable()) {
                row.reactivated(now);
            }
            return new Existing(row.view());
        }
        if (kept != null) {
            return elsewhere(kept, row.owningCaller);
        }
        if (revokeReplaced) {
            revoke(row, now);
        }
        granted(row, tokens, fingerprint);
        return new Stored(row.view());
    }

    private void granted(SessionRow row, TokenSet tokens, byte[] fingerprint) {
        row.tokens(tokens, sealer.seal(row.id, row.registration, row.rtVersion + 1, tokens), fingerprint);
        row.grantedVersion = row.rtVersion;
        row.registeredFingerprint = fingerprint;
        row.attemptId = null;
    }

    /** Leaves a tombstone and has the refresh token revoked; the session that it was, or empty if there was none. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<Session> remove(String id) {
        SessionRow row = rows.locked(id);
        if (row == null || row.status == SessionStatus.REMOVED) {
            return Optional.empty();
        }
        Session removed = row.view();
        revoke(row, rows.now());
        row.removed();
        return Optional.of(removed);
    }

    private void revoke(SessionRow row, Instant now) {
        try {
            revocations.add(row.id, row.registration, sealer.refreshToken(row), row.rtVersion, now);
        } catch (UndecryptableException e) {
            LOG.errorf("The refresh token of session %s is let go without revocation: %s", row.id, e.getMessage());
        }
    }

    /** Empty if there is none, or it was removed. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<Session> find(String id) {
        return rows.findByIdOptional(id)
                .filter(row -> row.status != SessionStatus.REMOVED)
                .map(SessionRow::view);
    }

    private String newId() {
        var bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
