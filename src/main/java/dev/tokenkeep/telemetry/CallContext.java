package dev.tokenkeep.telemetry;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/** What a thread's log lines and spans belong to, taken along to where the work goes on. */
public final class CallContext {

    /** The member of a log line that names the call. */
    private static final String REQUEST_ID = "requestId";

    /** The member that names the trace, where there is one. */
    private static final String TRACE_ID = "traceId";

    private final @Nullable Object requestId;
    private final @Nullable Context trace;

    private CallContext(@Nullable Object requestId, @Nullable Context trace) {
        this.requestId = requestId;
        this.trace = trace;
    }

    /** Names the call in every line that is logged of it. */
    public static void name(String requestId) {
        MDC.put(REQUEST_ID, requestId);
    }

    /** The trace that this thread's lines belong to; null without one. */
    public static @Nullable String traceId() {
        return (String) MDC.get(TRACE_ID);
    }

    /** A thread inherits what is logged of the call that happened to need one more. */
    public static void forget() {
        MDC.clear();
    }

    /** Null if there is nothing to take along. */
    static @Nullable CallContext here(boolean traced) {
        Object requestId = MDC.get(REQUEST_ID);
        Context trace = traced ? Context.current() : null;
        return requestId == null && trace == null ? null : new CallContext(requestId, trace);
    }

    void run(Runnable task) {
        Object before = MDC.get(REQUEST_ID);
        named(requestId);
        try (Scope scope = trace == null ? Scope.noop() : trace.makeCurrent()) {
            task.run();
        } finally {
            named(before);
        }
    }

    private static void named(@Nullable Object requestId) {
        if (requestId == null) {
            MDC.remove(REQUEST_ID);
        } else {
            MDC.put(REQUEST_ID, requestId);
        }
    }
}
