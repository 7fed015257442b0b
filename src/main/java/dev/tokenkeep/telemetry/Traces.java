package dev.tokenkeep.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Begins spans, where traces are on. Where they are off, which is what they are without an OpenTelemetry of the application,
 * nothing is made: every span is the one that records nothing.
 */
@Singleton
public class Traces {

    private static final String SCOPE = "dev.tokenkeep";
    private static final String TRACEPARENT = "traceparent";

    private final @Nullable Tracer tracer;

    /** An SDK that is switched off still makes spans that are recorded and go nowhere, so the switch is asked too. */
    @Inject
    Traces(
            Instance<OpenTelemetry> openTelemetry,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "false") boolean disabled) {
        this(disabled || !openTelemetry.isResolvable() ? null : openTelemetry.get());
    }

    private Traces(@Nullable OpenTelemetry openTelemetry) {
        tracer = openTelemetry == null ? null : openTelemetry.getTracer(SCOPE);
    }

    /** None. */
    public static Traces off() {
        return new Traces(null);
    }

    public boolean on() {
        return tracer != null;
    }

    /** A span under the one that is current on this thread. */
    public Span begin(String name, SpanKind kind) {
        return tracer == null
                ? Span.getInvalid()
                : tracer.spanBuilder(name).setSpanKind(kind).startSpan();
    }

    /** A span under one of which only its name in a database is known; under the current one if there is no such name. */
    public Span begin(String name, @Nullable String traceparent) {
        if (tracer == null) {
            return Span.getInvalid();
        }
        SpanContext parent = parsed(traceparent);
        var span = tracer.spanBuilder(name);
        return parent.isValid()
                ? span.setParent(Context.root().with(Span.wrap(parent))).startSpan()
                : span.startSpan();
    }

    /** The span's name for other processes (W3C Trace Context §3.2); null for one that records nothing. */
    public static @Nullable String traceparent(Span span) {
        if (!span.getSpanContext().isValid()) {
            return null;
        }
        var carrier = new HashMap<String, String>();
        W3CTraceContextPropagator.getInstance().inject(Context.root().with(span), carrier, Map::put);
        return carrier.get(TRACEPARENT);
    }

    /** Whose name this is; not valid if it is nobody's. */
    public static SpanContext parsed(@Nullable String traceparent) {
        if (traceparent == null) {
            return SpanContext.getInvalid();
        }
        Context extracted =
                W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, TraceparentAlone.INSTANCE);
        return Span.fromContext(extracted).getSpanContext();
    }

    /** What runs on {@code executor} from here on goes on with the call and the trace that are under way on this thread. */
    public Executor carriedTo(Executor executor) {
        CallContext context = CallContext.here(on());
        return context == null ? executor : task -> executor.execute(() -> context.run(task));
    }

    private enum TraceparentAlone implements TextMapGetter<String> {
        INSTANCE;

        @Override
        public Iterable<String> keys(String carrier) {
            return Set.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(TRACEPARENT) ? carrier : null;
        }
    }
}
