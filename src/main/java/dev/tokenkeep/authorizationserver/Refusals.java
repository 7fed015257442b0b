package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.Refused;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions in a row that were refused in a way that may be the registration's affair. Several of them are its affair; one is
 * its own (CONFORMANCE B6, B8, D). Thread-safe.
 */
final class Refusals {

    private static final int IN_A_ROW = 3;

    private final Set<String> sessions = ConcurrentHashMap.newKeySet();

    /** @param failedBefore whether the session has failed since its last success: that it fails again says nothing new */
    void note(String session, boolean failedBefore, TokenResult outcome) {
        if (outcome.kind() == TokenResult.Kind.REFRESHED) {
            forgive();
        } else if (!failedBefore && mayConcernAll(outcome)) {
            sessions.add(session);
        }
    }

    void forgive() {
        sessions.clear();
    }

    boolean concernAll() {
        return sessions.size() >= IN_A_ROW;
    }

    /** The client is refused, or asked to leave the server alone; or one user is. */
    private static boolean mayConcernAll(TokenResult outcome) {
        if (!(outcome instanceof Refused refused)) {
            return false;
        }
        return switch (refused.failureClass()) {
            case REGISTRATION_WRONG, ACCESS_DENIED -> true;
            case TRANSIENT, REQUEST_WRONG -> refused.isThrottled();
            case GRANT_DEAD, USER_ACTION -> false;
        };
    }
}
