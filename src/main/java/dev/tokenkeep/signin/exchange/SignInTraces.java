package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.refresh.RefreshAttributes;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.telemetry.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Records the steps of a sign-in as spans. None has a code, a state or a token. */
@Singleton
public class SignInTraces {

    private final Traces traces;

    SignInTraces(Traces traces) {
        this.traces = traces;
    }

    /** Takes the step from a claimed code to the stored result. */
    CompletionStage<SignInResult> exchange(
            ClientRegistration registration, Supplier<CompletionStage<SignInResult>> step) {
        return step("code exchange", registration, step, (span, result) -> {
            if (!(result instanceof SignInResult.Completed)) {
                Traces.failed(span, result.code());
            }
        });
    }

    /** Takes the step that finds out whether an ID token is good. */
    CompletionStage<Optional<String>> idTokenCheck(
            ClientRegistration registration, Supplier<CompletionStage<Optional<String>>> step) {
        return step(
                "id token check",
                registration,
                step,
                (span, objection) -> objection.ifPresent(code -> Traces.failed(span, code)));
    }

    /** Takes the step from a claimed poll to the stored result. */
    public <T> CompletionStage<T> devicePoll(ClientRegistration registration, Supplier<CompletionStage<T>> step) {
        return step("device poll", registration, step, (span, result) -> {});
    }

    private <T> CompletionStage<T> step(
            String name,
            ClientRegistration registration,
            Supplier<CompletionStage<T>> step,
            BiConsumer<Span, T> ending) {
        return traces.step(
                name,
                SpanKind.INTERNAL,
                span -> {
                    span.setAttribute(RefreshAttributes.REGISTRATION, registration.name());
                    return step.get();
                },
                ending);
    }
}
