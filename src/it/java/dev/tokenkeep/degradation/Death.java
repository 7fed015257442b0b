package dev.tokenkeep.degradation;

import dev.tokenkeep.degradation.Scenario.Kept;
import dev.tokenkeep.testing.TokenRequest;
import java.time.Duration;
import java.util.Set;

/**
 * The SIGKILL of a replica: what it had under way was spent, and nobody has the answer.
 *
 * @param underWay the ids of the sessions that the database then showed with a request sent and no answer stored
 */
record Death(String replica, long atMillis, Set<String> underWay) {

    /** That an answer is longer with a replica before it is stored excuses nothing. */
    private static final Duration STORING = Duration.ofSeconds(2);

    /** Whether the answer was on its way to it, or had come and was not stored yet. */
    boolean cutOff(Kept session, TokenRequest request) {
        if (!request.replica().equals(replica) || request.cameMillis() > atMillis) {
            return false;
        }
        long answered = request.spentMillis() + request.trouble().beforeAnswer().toMillis();
        return answered > atMillis || underWay.contains(session.id()) && answered > atMillis - STORING.toMillis();
    }
}
