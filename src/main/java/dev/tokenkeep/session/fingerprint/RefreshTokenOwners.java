package dev.tokenkeep.session.fingerprint;

import dev.tokenkeep.oauth.Secret;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows that had some refresh tokens as their current ones when the database was queried. */
public record RefreshTokenOwners(Fingerprints fingerprints, List<Owner> owners) {

    /** A row and the fingerprint of its current refresh token. */
    record Owner(String id, String registration, byte[] fingerprint) {}

    /** Returns the fingerprint for a session that gets this token; null if another one of its registration has it. */
    public byte @Nullable [] fingerprint(String id, String registration, Secret token) {
        byte[] fingerprint = fingerprints.of(token);
        boolean free = owners.stream()
                .noneMatch(owner -> owner.registration().equals(registration)
                        && Arrays.equals(owner.fingerprint(), fingerprint)
                        && !owner.id().equals(id));
        return free ? fingerprint : null;
    }
}
