package dev.tokenkeep.session.store;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.RegistrationResult.KeptElsewhere;
import dev.tokenkeep.session.RegistrationResult.Where;
import dev.tokenkeep.session.TokenSet;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Makes the rows of new sessions, and gives rows the tokens that a caller sent. Runs within a transaction. */
@Singleton
class NewRows {

    private static final int ID_BYTES = 24;

    private final SessionRows rows;
    private final SessionEncryption encryption;
    private final SecureRandom random = new SecureRandom();

    NewRows(SessionRows rows, SessionEncryption encryption) {
        this.rows = rows;
        this.encryption = encryption;
    }

    /** Adds a row. It is written with the next flush. */
    SessionRow add(Place place, TokenSet tokens, byte[] fingerprint, Instant now) {
        var row = new SessionRow();
        row.id = newId();
        row.registration = place.registration();
        row.subject = place.subject();
        row.owningCaller = place.owningCaller();
        row.createdAt = now;
        grant(row, tokens, fingerprint);
        rows.persist(row);
        return row;
    }

    /**
     * Handles what is registered again: an access token alone with another end, client credentials that a replica of the
     * version before has ended, or the tokens of a sign-in with another key. Others stay as they are.
     *
     * @return the row
     */
    SessionRow again(SessionRow kept, TokenSet tokens, byte[] fingerprint, Instant now) {
        if (kept.revivable() && bringsKey(kept, tokens)) {
            SessionRow row = rows.lockedAnew(kept);
            if (row.revivable()) {
                grant(row, tokens, fingerprint);
            }
            return row;
        }
        if (!changes(kept, tokens, now)) {
            return kept;
        }
        SessionRow row = rows.lockedAnew(kept);
        if (row.grantType == GrantType.NONE && row.status != SessionStatus.REMOVED) {
            grant(row, tokens, fingerprint);
        } else if (row.status != SessionStatus.REMOVED) {
            row.reactivated(now);
        }
        return row;
    }

    /** Returns whether the tokens are bound to another key than the row's, because a sign-in has made it (RFC 9449). */
    boolean bringsKey(SessionRow row, TokenSet tokens) {
        Secret key = tokens.refresh().dpopKey();
        return key != null && !(encryption.canDecrypt(row) && key.equals(encryption.dpopKey(row)));
    }

    private static boolean changes(SessionRow kept, TokenSet tokens, Instant now) {
        if (kept.grantType != tokens.refresh().grant() || kept.grantType == GrantType.REFRESH_TOKEN) {
            return false;
        }
        boolean ended = kept.status != SessionStatus.ACTIVE;
        if (kept.grantType == GrantType.CLIENT_CREDENTIALS) {
            return ended;
        }
        // Nobody knows when the expires_in of one that is sent again began.
        Instant end = tokens.access().expiresAt();
        if (end == null || !(tokens.access().dated() || isUnending(now, end))) {
            return false;
        }
        return ended || (!isUnending(now, kept.accessTokenExpiresAt) && end.isAfter(kept.accessTokenExpiresAt));
    }

    private static boolean isUnending(Instant now, Instant end) {
        return TokenSet.AccessToken.isUnending(Duration.between(now, end));
    }

    void grant(SessionRow row, TokenSet tokens, byte[] fingerprint) {
        row.tokens(tokens, encryption.seal(row.id, row.registration, row.rtVersion + 1, tokens), fingerprint);
        row.grantedVersion = row.rtVersion;
        row.registeredFingerprint = fingerprint;
        row.attemptId = null;
    }

    private String newId() {
        var bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Where a session belongs. */
    record Place(String registration, String subject, String owningCaller) {

        static Place of(SessionRow row) {
            return new Place(row.registration, row.subject, row.owningCaller);
        }

        /** Returns null if {@code kept} is a session here. A caller learns nothing about another's sessions. */
        @Nullable
        KeptElsewhere elsewhere(SessionRow kept) {
            Where where = where(kept);
            return where == null ? null : new KeptElsewhere(where, kept.registration);
        }

        private @Nullable Where where(SessionRow kept) {
            if (!kept.owningCaller.equals(owningCaller)) {
                return Where.ANOTHER_SESSION;
            }
            if (kept.status == SessionStatus.REMOVED) {
                return Where.REMOVED_SESSION;
            }
            if (!kept.registration.equals(registration)) {
                return Where.ANOTHER_REGISTRATION;
            }
            // Client credentials have no user: whoever asks for the same again gets the same.
            return kept.grantType == GrantType.CLIENT_CREDENTIALS || kept.subject.equals(subject)
                    ? null
                    : Where.ANOTHER_SUBJECT;
        }
    }
}
