package dev.tokenkeep.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Starts spans if tracing is on. Without OpenTelemetry in the application tracing is off, and every span is the invalid
 * one, which records nothing.
 */
@Singleton
public class Traces {

    private static final String SCOPE = "dev.tokenkeep";
    private static final String TRACEPARENT = "traceparent";
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    private final @Nullable Tracer tracer;

    /** A disabled SDK still creates spans that are recorded and exported nowhere, so this setting is checked too. */
    @Inject
    Traces(
            Instance<OpenTelemetry> openTelemetry,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "false") boolean disabled) {
        this(disabled || !openTelemetry.isResolvable() ? null : openTelemetry.get());
    }

    private Traces(@Nullable OpenTelemetry openTelemetry) {
        tracer = openTelemetry == null ? null : openTelemetry.getTracer(SCOPE);
    }

    /** Returns an instance with tracing off. */
    public static Traces off() {
        return new Traces(null);
    }

    public boolean on() {
        return tracer != null;
    }

    /** Starts a span under this thread's current one. */
    public Span begin(String name, SpanKind kind) {
        return tracer == null
                ? Span.getInvalid()
                : tracer.spanBuilder(name).setSpanKind(kind).startSpan();
    }

    /**
     * Takes a step within a span of its own, which ends with the step. A step that fails ends its span as an error.
     *
     * @param ending describes the result in the span
     */
    public <T> CompletionStage<T> step(
            String name, SpanKind kind, Function<Span, CompletionStage<T>> step, BiConsumer<Span, T> ending) {
        if (tracer == null) {
            return step.apply(Span.getInvalid());
        }
        Span span = begin(name, kind);
        try (Scope current = span.makeCurrent()) {
            return step.apply(span).whenComplete((result, failure) -> {
                if (failure == null) {
                    ending.accept(span, result);
                } else {
                    span.setStatus(StatusCode.ERROR);
                }
                span.end();
            });
        } catch (RuntimeException | Error e) {
            span.setStatus(StatusCode.ERROR).end();
            throw e;
        }
    }

    /** Marks a step as failed. The code says why, and is no secret. */
    public static void failed(Span span, String code) {
        span.setStatus(StatusCode.ERROR);
        span.setAttribute(ERROR_TYPE, code);
    }

    /**
     * Starts a span under the parent that {@code traceparent} names; if it is null or invalid, under the current span.
     */
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

    /**
     * Returns the span's {@code traceparent} for other processes (W3C Trace Context §3.2); null for a span that records
     * nothing.
     */
    public static @Nullable String traceparent(Span span) {
        if (!span.getSpanContext().isValid()) {
            return null;
        }
        var carrier = new HashMap<String, String>();
        W3CTraceContextPropagator.getInstance().inject(Context.root().with(span), carrier, Map::put);
        return carrier.get(TRACEPARENT);
    }

    /** Parses a {@code traceparent}. The result is invalid if the text is null or invalid. */
    public static SpanContext parsed(@Nullable String traceparent) {
        if (traceparent == null) {
            return SpanContext.getInvalid();
        }
        Context extracted =
                W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, TraceparentAlone.INSTANCE);
        return Span.fromContext(extracted).getSpanContext();
    }

    /** Returns an executor that runs its tasks on {@code executor} with this thread's current call and trace. */
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
