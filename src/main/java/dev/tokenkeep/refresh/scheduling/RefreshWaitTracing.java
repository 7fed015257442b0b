package dev.tokenkeep.refresh.scheduling;

import dev.tokenkeep.refresh.RefreshAttributes;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.refresh.RefreshSpanLinks;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.telemetry.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Records the wait for a refresh as a span. Links it to the refresh if that runs in another trace. */
@Singleton
public class RefreshWaitTracing {

    private static final Waiting UNTRACED = new Waiting() {
        @Override
        public CompletableFuture<RefreshResult> until(CompletableFuture<RefreshResult> ending) {
            return ending;
        }

        @Override
        public void close() {
            // No span was started.
        }
    };

    private final RefreshSpanLinks links;
    private final Traces traces;

    RefreshWaitTracing(RefreshSpanLinks links, Traces traces) {
        this.links = links;
        this.traces = traces;
    }

    /** A wait. Its span is the current span until {@link #close}, and ends when the wait ends. */
    interface Waiting extends AutoCloseable {

        /** Ends the span once {@code ending} completes. Returns the same future. */
        CompletableFuture<RefreshResult> until(CompletableFuture<RefreshResult> ending);

        @Override
        void close();
    }

    // The caller closes the scope by closing the returned object.
    @SuppressWarnings("MustBeClosedChecker")
    Waiting begin(String session, ClientRegistration registration) {
        if (!traces.on()) {
            return UNTRACED;
        }
        Span span = traces.begin("wait for refresh", SpanKind.INTERNAL)
                .setAttribute(RefreshAttributes.REGISTRATION, registration.name());
        links.waits(session, span);
        return new Traced(session, span, span.makeCurrent());
    }

    private final class Traced implements Waiting {

        private final String session;
        private final Span span;
        private final Scope current;

        Traced(String session, Span span, Scope current) {
            this.session = session;
            this.span = span;
            this.current = current;
        }

        @Override
        public CompletableFuture<RefreshResult> until(CompletableFuture<RefreshResult> ending) {
            ending.whenComplete((value, failure) -> end(value));
            return ending;
        }

        private void end(@Nullable RefreshResult ending) {
            links.waitsNoMore(session, span);
            span.setAttribute(RefreshAttributes.OUTCOME, ending == null ? "broke_off" : ending.label());
            span.end();
        }

        @Override
        public void close() {
            current.close();
        }
    }
}
