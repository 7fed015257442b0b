package dev.tokenkeep.refresh;

import dev.tokenkeep.telemetry.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Records a refresh as a span under the span of its claim. The spans of callers that wait for it are linked to it. */
@Singleton
public class TracedRefresh {

    private final RefreshExecutor executor;
    private final RefreshSpanLinks links;
    private final Traces traces;

    TracedRefresh(RefreshExecutor executor, RefreshSpanLinks links, Traces traces) {
        this.executor = executor;
        this.links = links;
        this.traces = traces;
    }

    public CompletionStage<RefreshResult> refresh(ClaimedRefresh refresh) {
        if (!traces.on()) {
            return executor.refresh(refresh);
        }
        Span span = traces.begin("refresh", refresh.session().attempt().traceparent())
                .setAttribute(
                        RefreshAttributes.REGISTRATION, refresh.registration().name())
                .setAttribute(
                        RefreshAttributes.VERSION, refresh.session().spent().version())
                .setAttribute(
                        RefreshAttributes.ATTEMPT,
                        refresh.session().attempt().id().toString());
        links.attempted(refresh.session().id(), span.getSpanContext());
        try (Scope current = span.makeCurrent()) {
            return executor.refresh(refresh).whenComplete((ending, failure) -> {
                links.over(refresh.session().id(), span.getSpanContext());
                end(span, ending);
            });
        }
    }

    /** Links the callers that wait here to the attempt of another replica. */
    public void seenElsewhere(String id, @Nullable String traceparent) {
        if (traces.on()) {
            links.attempted(id, Traces.parsed(traceparent));
        }
    }

    /** @param ending null if the refresh failed unexpectedly */
    private static void end(Span span, @Nullable RefreshResult ending) {
        span.setAttribute(RefreshAttributes.OUTCOME, ending == null ? "broke_off" : ending.label());
        if (!(ending instanceof RefreshResult.Refreshed)) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
