package dev.tokenkeep.testing;

import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/** What the scripted authorization server does to the next token requests, instead of or besides its rules. */
final class Script {

    /** An answer instead of the rules'; nothing is spent by it. */
    record Answer(int status, String contentType, String body, Map<String, String> headers) {}

    /**
     * What to do to one request.
     *
     * @param before held before its refresh token is spent
     * @param answer instead of the rules'
     * @param after held with the token spent and the answer made
     * @param drop the connection is closed instead of answering, the token spent
     */
    record Step(
            @Nullable Gate before,
            @Nullable Answer answer,
            @Nullable Gate after,
            boolean drop) {

        static final Step NOTHING = new Step(null, null, null, false);
    }

    private final ConcurrentLinkedDeque<Step> next = new ConcurrentLinkedDeque<>();
    private volatile Step always = Step.NOTHING;

    void add(Step step) {
        next.add(step);
    }

    void always(Step step) {
        always = step;
    }

    void clear() {
        next.clear();
        always = Step.NOTHING;
    }

    Step take() {
        Step step = next.poll();
        return step == null ? always : step;
    }
}
