package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.Refused;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the sessions in a row that were refused in a way that may concern the whole registration. Several of them
 * concern the registration; a single one concerns only its session (CONFORMANCE B6, B8, D). Thread-safe.
 */
final class Refusals {

    private static final int IN_A_ROW = 3;

    private final Set<String> sessions = ConcurrentHashMap.newKeySet();

    /** @param failedBefore whether the session has failed since its last success; another failure says nothing new */
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

    /**
     * Returns whether the client may be refused or asked to leave the server alone. It may also concern one user only.
     */
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
