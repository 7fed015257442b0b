package dev.tokenkeep.session.store;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.session.RegistrationResult.Existing;
import dev.tokenkeep.session.RegistrationResult.KeptElsewhere;
import dev.tokenkeep.session.RegistrationResult.Stored;
import dev.tokenkeep.session.RegistrationResult.Where;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.TokenSet;
import dev.tokenkeep.session.fingerprint.Fingerprints;
import dev.tokenkeep.session.revocation.Revocations;
import dev.tokenkeep.session.store.NewRows.Place;
import dev.tokenkeep.session.store.SessionRows.Moment;
import dev.tokenkeep.session.targets.TargetTokens;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.hibernate.exception.ConstraintViolationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Stores, replaces and removes sessions. All methods block, each in its own transaction. */
@ApplicationScoped
public class SessionStore {

    private static final Logger LOG = Logger.getLogger(SessionStore.class);

    private final SessionRows rows;
    private final NewRows newRows;
    private final SessionEncryption encryption;
    private final Fingerprints fingerprints;
    private final Revocations revocations;
    private final TargetTokens targets;

    SessionStore(
            SessionRows rows,
            NewRows newRows,
            SessionEncryption encryption,
            Fingerprints fingerprints,
            Revocations revocations,
            TargetTokens targets) {
        this.rows = rows;
        this.newRows = newRows;
        this.encryption = encryption;
        this.fingerprints = fingerprints;
        this.revocations = revocations;
        this.targets = targets;
    }

    /**
     * Stores a new session, unless its refresh token is already stored: one refresh token, one row.
     *
     * @param tokens creates the tokens for the database's present time
     * @param beside what else is written in the same transaction
     */
    @AsksDatabase
    public RegistrationResult register(
            String registration,
            String subject,
            String owningCaller,
            Function<Instant, TokenSet> tokens,
            Consumer<RegistrationResult> beside) {
        var place = new Place(registration, subject, owningCaller);
        Callable<RegistrationResult> work = () -> {
            RegistrationResult result = insert(place, tokens);
            beside.accept(result);
            return result;
        };
        try {
            return QuarkusTransaction.requiringNew().call(work);
        } catch (ConstraintViolationException e) {
            // The same refresh token came twice at once. The other call has won, and its row is found now.
            return QuarkusTransaction.requiringNew().call(work);
        }
    }

    private RegistrationResult insert(Place place, Function<Instant, TokenSet> tokensAt) {
        Moment moment = rows.moment(place.registration());
        TokenSet tokens = tokensAt.apply(moment.now());
        byte[] fingerprint = fingerprints.of(tokens.refresh().token());
        SessionRow kept = rows.keeping(place.registration(), moment.sameClient(), fingerprint);
        if (kept != null) {
            KeptElsewhere elsewhere = place.elsewhere(kept);
            return elsewhere == null
                    ? new Existing(newRows.again(kept, tokens, fingerprint, moment.now())
                            .view())
                    : elsewhere;
        }
        SessionRow row = newRows.add(place, tokens, fingerprint, moment.now());
        rows.flush();
        return new Stored(row.view());
    }

    /**
     * Stores new tokens for a session, which becomes ACTIVE. A running refresh loses to them. The refresh token that
     * the session was registered with, or has now, does not change an active session. Only a newer access token beside
     * the current refresh token is stored.
     *
     * @param revokeReplaced whether the replaced refresh token is revoked
     * @param beside what else is written in the same transaction
     * @throws SessionNotFoundException if there is no such session, or it was removed
     * @throws InvalidTokenResponse if an access token alone would replace a refresh token that is still good
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public RegistrationResult replace(
            String id,
            Function<Instant, TokenSet> tokensAt,
            boolean revokeReplaced,
            Consumer<RegistrationResult> beside) {
        RegistrationResult result = replaced(id, tokensAt, revokeReplaced);
        beside.accept(result);
        return result;
    }

    private RegistrationResult replaced(String id, Function<Instant, TokenSet> tokensAt, boolean revokeReplaced) {
        SessionRow row = rows.locked(id);
        if (row == null || row.status == SessionStatus.REMOVED) {
            throw new SessionNotFoundException(id);
        }
        Moment moment = rows.moment(row.registration);
        Instant now = moment.now();
        TokenSet tokens = tokensAt.apply(now);
        byte[] fingerprint = fingerprints.of(tokens.refresh().token());
        SessionRow kept = rows.keeping(row.registration, moment.sameClient(), fingerprint);
        boolean same = kept == row;
        boolean alone = tokens.refresh().grant() == GrantType.NONE;
        if (alone && row.view().keepsRefreshToken()) {
            // The refresh token is still good, and would be lost.
            throw InvalidTokenResponse.withoutRefreshToken();
        }
        // An access token alone may come again with another end, for it is all that there is.
        if (same && !alone && !newRows.bringsKey(row, tokens)) {
            return new Existing(again(row, tokens, fingerprint, now));
        }
        if (kept != null && !same) {
            KeptElsewhere elsewhere = Place.of(row).elsewhere(kept);
            return elsewhere == null ? new KeptElsewhere(Where.ANOTHER_SESSION, kept.registration) : elsewhere;
        }
        if (revokeReplaced && !same) {
            revoke(row, tokens.access().token(), now);
        }
        newRows.grant(row, tokens, fingerprint);
        targets.forget(id);
        return new Stored(row.view());
    }

    /** Handles a refresh token that the session has already. Quarantined tokens are another subject's and stay so. */
    private Session again(SessionRow row, TokenSet tokens, byte[] fingerprint, Instant now) {
        if (row.revivable()) {
            if (Arrays.equals(row.currentFingerprint, fingerprint) && bringsNewer(row, tokens)) {
                row.accessToken(tokens, encryption.withAccessToken(row, tokens));
            }
            if (row.status != SessionStatus.ACTIVE) {
                row.reactivated(now);
            }
        }
        return row.view();
    }

    /** Compares only dated tokens: nobody knows when the {@code expires_in} of one that is sent again began. */
    private boolean bringsNewer(SessionRow row, TokenSet tokens) {
        Instant end = tokens.access().expiresAt();
        return encryption.canDecrypt(row)
                && tokens.access().token() != null
                && end != null
                && tokens.access().dated()
                && (row.accessTokenExpiresAt == null || end.isAfter(row.accessTokenExpiresAt))
                && !tokens.access().token().equals(encryption.accessToken(row));
    }

    /** Returns whether a session of this client has this refresh token, or began with it. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public boolean keeps(String registration, Secret refreshToken) {
        List<String> sameClient = rows.moment(registration).sameClient();
        return rows.keeping(registration, sameClient, fingerprints.of(refreshToken)) != null;
    }

    /** Leaves a tombstone and has the refresh token revoked. Returns the former session, or empty if there was none. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<Session> remove(String id) {
        SessionRow row = rows.locked(id);
        if (row == null || row.status == SessionStatus.REMOVED) {
            return Optional.empty();
        }
        Session removed = row.view();
        revoke(row, null, rows.now());
        row.removed();
        targets.forget(id);
        if (row.grantType == GrantType.CLIENT_CREDENTIALS) {
            // The same can be asked for again, for a new session.
            row.registeredFingerprint = row.id.getBytes(StandardCharsets.US_ASCII);
            row.currentFingerprint = null;
        }
        return Optional.of(removed);
    }

    /** @param goesOn an access token that goes on in the session; null if none does */
    private void revoke(SessionRow row, @Nullable Secret goesOn, Instant now) {
        if (row.grantType == GrantType.CLIENT_CREDENTIALS) {
            return;
        }
        try {
            // Of an access token alone, it is that token. The authorization server finds it (RFC 7009 §2.1).
            Secret credential = encryption.refreshToken(row);
            if (!credential.equals(goesOn)) {
                revocations.add(row.id, row.registration, credential, row.rtVersion, now);
            }
        } catch (UndecryptableException e) {
            LOG.errorf(
                    "The refresh token of session %s cannot be decrypted and is not revoked: %s",
                    row.id, e.getMessage());
        }
    }

    /** Returns empty if there is no such session, or it was removed. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<Session> find(String id) {
        return rows.findByIdOptional(id)
                .filter(row -> row.status != SessionStatus.REMOVED)
                .map(SessionRow::view);
    }
}
