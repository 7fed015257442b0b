package dev.tokenkeep.degradation;

import dev.tokenkeep.testing.TokenRequest;

/** The SIGKILL of a replica: what it had under way was spent, and nobody has the answer. */
record Death(String replica, long atMillis) {

    boolean cutOff(TokenRequest request) {
        long answered = request.spentMillis() + request.trouble().beforeAnswer().toMillis();
        return request.replica().equals(replica) && request.cameMillis() <= atMillis && answered > atMillis;
    }
}
