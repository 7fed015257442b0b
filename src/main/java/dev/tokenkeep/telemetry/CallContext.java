package dev.tokenkeep.telemetry;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The call and the trace that a thread's log lines and spans belong to. It is passed on to the threads that continue
 * the work.
 */
public final class CallContext {

    /** The log field that names the call. */
    private static final String REQUEST_ID = "requestId";

    /** The log field that names the trace, if there is one. */
    private static final String TRACE_ID = "traceId";

    private final @Nullable Object requestId;
    private final @Nullable Context trace;

    private CallContext(@Nullable Object requestId, @Nullable Context trace) {
        this.requestId = requestId;
        this.trace = trace;
    }

    /** Puts the call's name into every log line of this thread. */
    public static void name(String requestId) {
        MDC.put(REQUEST_ID, requestId);
    }

    /** Returns the trace ID of this thread's log lines; null without a trace. */
    public static @Nullable String traceId() {
        return (String) MDC.get(TRACE_ID);
    }

    /** Clears the log fields. A new thread inherits those of the call that started it. */
    public static void forget() {
        MDC.clear();
    }

    /** Returns this thread's context; null if there is nothing to pass on. */
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
