package dev.tokenkeep.session.fingerprint;

import dev.tokenkeep.oauth.Secret;
import jakarta.inject.Singleton;

/**
 * Names a session where a reader must not be able to use its id. A pseudonym is an HMAC-SHA-256 under the database's
 * own fingerprint key, the same on every replica.
 */
@Singleton
public class SessionPseudonyms {

    /** Keeps pseudonyms apart from the fingerprints of refresh tokens. */
    private static final String PURPOSE = "session:";

    private final Fingerprints fingerprints;

    SessionPseudonyms(Fingerprints fingerprints) {
        this.fingerprints = fingerprints;
    }

    public byte[] of(String sessionId) {
        return fingerprints.of(Secret.of(PURPOSE + sessionId));
    }
}
