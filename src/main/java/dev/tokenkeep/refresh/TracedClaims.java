package dev.tokenkeep.refresh;

import dev.tokenkeep.session.ClaimCondition;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.DueTerms;
import dev.tokenkeep.session.store.RefreshClaims;
import dev.tokenkeep.session.store.RefreshClaims.DueClaim;
import dev.tokenkeep.telemetry.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records claims as spans. A claim writes its span's trace context to the rows that it takes. A claim that takes no row
 * leaves no span: a span that never ends is not exported. So a tick at which nothing is due leaves no trace.
 */
@Singleton
class TracedClaims {

    private final RefreshClaims claims;
    private final Traces traces;

    TracedClaims(RefreshClaims claims, Traces traces) {
        this.claims = claims;
        this.traces = traces;
    }

    DueClaim due(List<DueTerms> due, int limit) {
        Span span = begin(due.stream().map(one -> one.terms().registration()).collect(Collectors.joining(",")));
        DueClaim claim = claims.due(
                due.stream().map(one -> one.with(traced(one.terms(), span))).toList(), limit);
        if (!claim.sessions().isEmpty()) {
            span.setAttribute(RefreshAttributes.SESSIONS, claim.sessions().size());
            span.end();
        }
        return claim;
    }

    Optional<ClaimedSession> one(String id, ClaimCondition condition, ClaimTerms terms) {
        Span span = begin(terms.registration());
        Optional<ClaimedSession> claim = claims.one(id, condition, traced(terms, span));
        if (claim.isPresent()) {
            span.end();
        }
        return claim;
    }

    private Span begin(String registrations) {
        return traces.begin("claim", SpanKind.INTERNAL).setAttribute(RefreshAttributes.REGISTRATION, registrations);
    }

    private static ClaimTerms traced(ClaimTerms terms, Span span) {
        @Nullable String traceparent = Traces.traceparent(span);
        return traceparent == null ? terms : terms.tracedBy(traceparent);
    }
}
