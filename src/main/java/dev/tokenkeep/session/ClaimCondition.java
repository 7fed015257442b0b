package dev.tokenkeep.session;

import java.util.OptionalLong;

/**
 * What must hold for a session to be claimed for a reader. Otherwise the reader has what it wants already.
 *
 * @param forced whether a session whose user has to act is claimed too
 * @param version the version that it must have, as readers see it; empty for any
 * @param refreshTokenVersion the version that its refresh token must have; empty for any. Refreshes for targets count too
 */
public record ClaimCondition(boolean forced, OptionalLong version, OptionalLong refreshTokenVersion) {

    /** Any version will do. */
    public static ClaimCondition any(boolean forced) {
        return new ClaimCondition(forced, OptionalLong.empty(), OptionalLong.empty());
    }

    public static ClaimCondition version(boolean forced, long version) {
        return new ClaimCondition(forced, OptionalLong.of(version), OptionalLong.empty());
    }

    /**
     * No refresh of any kind has happened since the reader read the session, and none has an unknown outcome. If one has,
     * the session's own refresh settles it: a target must not use up its chances.
     */
    public static ClaimCondition unspent(long refreshTokenVersion) {
        return new ClaimCondition(false, OptionalLong.empty(), OptionalLong.of(refreshTokenVersion));
    }

    /** Returns whether the session as it was read now has moved on from what the reader knew. */
    public boolean isMissedBy(SessionSnapshot seen) {
        long shown = seen.session().tokens().version();
        long spent = seen.attempt().refreshTokenVersion();
        return version.orElse(shown) != shown || refreshTokenVersion.orElse(spent) != spent;
    }
}
