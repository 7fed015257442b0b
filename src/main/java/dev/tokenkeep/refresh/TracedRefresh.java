package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.telemetry.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A refresh as a span under its claim's, to which the readers that wait for it are linked. */
@Singleton
class TracedRefresh {

    private final RefreshSession refreshSession;
    private final AttemptLinks links;
    private final Traces traces;

    TracedRefresh(RefreshSession refreshSession, AttemptLinks links, Traces traces) {
        this.refreshSession = refreshSession;
        this.links = links;
        this.traces = traces;
    }

    CompletionStage<Ending> refresh(ClaimedSession claimed, ClientRegistration registration) {
        if (!traces.on()) {
            return refreshSession.refresh(claimed, registration);
        }
        Span span = traces.begin("refresh", claimed.traceparent())
                .setAttribute(RefreshAttributes.REGISTRATION, registration.name())
                .setAttribute(RefreshAttributes.VERSION, claimed.version())
                .setAttribute(RefreshAttributes.ATTEMPT, claimed.attemptId().toString());
        links.attempted(claimed.id(), span.getSpanContext());
        try (Scope current = span.makeCurrent()) {
            return refreshSession.refresh(claimed, registration).whenComplete((ending, failure) -> {
                links.over(claimed.id(), span.getSpanContext());
                end(span, ending);
            });
        }
    }

    /** Another replica is at it. */
    void seenElsewhere(String id, @Nullable String traceparent) {
        if (traces.on()) {
            links.attempted(id, Traces.parsed(traceparent));
        }
    }

    /** @param ending null if it broke off */
    private static void end(Span span, @Nullable Ending ending) {
        span.setAttribute(RefreshAttributes.OUTCOME, ending == null ? "broke_off" : ending.label());
        if (!(ending instanceof Ending.Refreshed)) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
