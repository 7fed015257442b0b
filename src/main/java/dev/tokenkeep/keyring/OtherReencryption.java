package dev.tokenkeep.keyring;

import dev.tokenkeep.registration.added.StoredRegistrations;
import dev.tokenkeep.session.fingerprint.Fingerprints;
import dev.tokenkeep.session.revocation.Revocations;
import jakarta.inject.Singleton;

/** Re-encrypts what is not a session: revocations that wait, registrations, and the fingerprint key. */
@Singleton
class OtherReencryption {

    private static final int REVOCATIONS = 100;
    private static final int REGISTRATIONS = 100;

    private final Fingerprints fingerprints;
    private final Revocations revocations;
    private final StoredRegistrations registrations;

    OtherReencryption(Fingerprints fingerprints, Revocations revocations, StoredRegistrations registrations) {
        this.fingerprints = fingerprints;
        this.revocations = revocations;
        this.registrations = registrations;
    }

    /** Re-encrypts some rows of a former key. Returns how many. */
    int goOn(String former) {
        return fingerprints.reencrypt(former)
                + revocations.reencrypt(former, REVOCATIONS)
                + registrations.reencrypt(former, REGISTRATIONS);
    }
}
