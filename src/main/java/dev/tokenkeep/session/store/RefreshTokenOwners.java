package dev.tokenkeep.session.store;

import java.util.Arrays;
import java.util.List;

/** The rows that had some refresh tokens as their current ones when the database was queried. */
record RefreshTokenOwners(List<Keeper> keepers) {

    /** A row and the fingerprint of its current refresh token. */
    record Keeper(String id, String registration, byte[] fingerprint) {}

    /** Returns whether this row can have the token: no other row of its registration has it. */
    boolean by(String registration, byte[] fingerprint, String id) {
        return keepers.stream()
                .noneMatch(keeper -> keeper.registration().equals(registration)
                        && Arrays.equals(keeper.fingerprint(), fingerprint)
                        && !keeper.id().equals(id));
    }
}
