package dev.tokenkeep.keyring;

import dev.tokenkeep.session.fingerprint.Fingerprints;
import dev.tokenkeep.session.revocation.Revocations;
import jakarta.inject.Singleton;

/** Re-encrypts what is not a session: the few rows that wait to be revoked, and the fingerprint key. */
@Singleton
class OtherReencryption {

    private static final int REVOCATIONS = 100;

    private final Fingerprints fingerprints;
    private final Revocations revocations;

    OtherReencryption(Fingerprints fingerprints, Revocations revocations) {
        this.fingerprints = fingerprints;
        this.revocations = revocations;
    }

    /** Re-encrypts some rows of a former key. Returns how many. */
    int goOn(String former) {
        return fingerprints.reencrypt(former) + revocations.reencrypt(former, REVOCATIONS);
    }
}
