package dev.tokenkeep.session.store;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.RegistrationResult.KeptElsewhere;
import dev.tokenkeep.session.RegistrationResult.Where;
import dev.tokenkeep.session.TokenSet;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
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
