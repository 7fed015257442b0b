package dev.tokenkeep.session.store;

import java.util.Arrays;
import java.util.List;

/** Which rows keep some refresh tokens as their current ones, as it was when it was asked. */
record RefreshTokenOwners(List<Keeper> keepers) {

    /** A row, and what it keeps. */
    record Keeper(String id, String registration, byte[] fingerprint) {}

    /** Whether the token may be this row's: no other one keeps it. */
    boolean by(String registration, byte[] fingerprint, String id) {
        return keepers.stream()
                .noneMatch(keeper -> keeper.registration().equals(registration)
                        && Arrays.equals(keeper.fingerprint(), fingerprint)
                        && !keeper.id().equals(id));
    }
}
