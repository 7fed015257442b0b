package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.refresh.RefreshAttributes;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.telemetry.Traces;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Records the steps of a sign-in as spans. None has a code, a state or a token. */
@Singleton
public class SignInTraces {

    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final Traces traces;

    SignInTraces(Traces traces) {
        this.traces = traces;
    }

    /** Takes the step from a claimed code to the stored result. */
    CompletionStage<SignInResult> exchange(
            ClientRegistration registration, Supplier<CompletionStage<SignInResult>> step) {
        return traces.step(
                "code exchange",
                SpanKind.INTERNAL,
                span -> {
                    span.setAttribute(RefreshAttributes.REGISTRATION, registration.name());
                    return step.get();
                },
                (span, result) -> describe(span, result instanceof SignInResult.Completed ? null : result.code()));
    }

    /** Takes the step that finds out whether an ID token is good. */
    CompletionStage<Optional<String>> idTokenCheck(Supplier<CompletionStage<Optional<String>>> step) {
        return traces.step(
                "id token check",
                SpanKind.INTERNAL,
                span -> step.get(),
                (span, objection) -> describe(span, objection.orElse(null)));
    }

    /** Takes the step from a claimed poll to the stored result. */
    public <T> CompletionStage<T> devicePoll(ClientRegistration registration, Supplier<CompletionStage<T>> step) {
        return traces.step(
                "device poll",
                SpanKind.INTERNAL,
                span -> {
                    span.setAttribute(RefreshAttributes.REGISTRATION, registration.name());
                    return step.get();
                },
                (span, result) -> {});
    }

    private static void describe(Span span, @Nullable String error) {
        if (error != null) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute(ERROR, error);
        }
    }
}
