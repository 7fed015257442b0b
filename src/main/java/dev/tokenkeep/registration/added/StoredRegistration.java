package dev.tokenkeep.registration.added;

import dev.tokenkeep.oauth.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A registration in the database.
 *
 * @param version grows with each change of any registration
 * @param settings as JSON; null once they are deleted, and if their key is missing
 * @param destination a hash of its client and of the addresses that get tokens, as the caller has set them
 * @param keyMissing whether the encryption key of its settings is missing
 */
record StoredRegistration(
        String name, State state, long version, @Nullable Secret settings, String destination, boolean keyMissing) {

    enum State {
        ACTIVE,
        /** It was removed. Its sessions stay, if there are any. */
        REMOVED,
        /** It was removed, its sessions too, and their refresh tokens are being revoked. */
        ENDING
    }

    boolean is(State asked) {
        return state == asked;
    }
}
