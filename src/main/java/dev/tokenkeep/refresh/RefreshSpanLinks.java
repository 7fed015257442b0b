package dev.tokenkeep.refresh;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Links the spans of waiting callers to the attempt that they wait for, whichever comes first, in this process or
 * another. A caller that started the attempt is in the same trace and needs no link. Empty while traces are off.
 */
@Singleton
public class RefreshSpanLinks {

    private final Map<String, Awaited> awaited = new HashMap<>();

    /** The waiting spans of a session, each with the attempt that it was linked to last. */
    private static final class Awaited {

        private final IdentityHashMap<Span, SpanContext> waiting = new IdentityHashMap<>();
        private SpanContext attempt = SpanContext.getInvalid();

        void link() {
            waiting.replaceAll((reader, linked) -> {
                boolean news = attempt.isValid()
                        && !attempt.equals(linked)
                        && !attempt.getTraceId().equals(reader.getSpanContext().getTraceId());
                if (news) {
                    reader.addLink(attempt);
                }
                return news ? attempt : linked;
            });
        }

        /**
         * Returns whether this entry can be removed. The attempt of another replica is kept only while a caller here
         * waits for it.
         */
        boolean over() {
            return waiting.isEmpty() && (attempt.isRemote() || !attempt.isValid());
        }
    }

    public synchronized void waits(String session, Span reader) {
        Awaited there = there(session);
        there.waiting.put(reader, SpanContext.getInvalid());
        there.link();
    }

    public synchronized void waitsNoMore(String session, Span reader) {
        there(session).waiting.remove(reader);
        tidy(session);
    }

    synchronized void attempted(String session, SpanContext attempt) {
        Awaited there = there(session);
        there.attempt = attempt;
        there.link();
        tidy(session);
    }

    synchronized void over(String session, SpanContext attempt) {
        Awaited there = there(session);
        if (there.attempt.equals(attempt)) {
            there.attempt = SpanContext.getInvalid();
        }
        tidy(session);
    }

    private Awaited there(String session) {
        return awaited.computeIfAbsent(session, first -> new Awaited());
    }

    private void tidy(String session) {
        if (there(session).over()) {
            awaited.remove(session);
        }
    }
}
