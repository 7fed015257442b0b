package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.telemetry.Traces;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Describes a request to an authorization server in a span: where it went and its outcome. Leaves out its URL, whose
 * parameters may be secrets. Of the response, it contains only the status and a code.
 */
final class RequestSpan {

    static final String TOKEN = "token request";
    static final String AUTHORIZATION = "authorization request";

    private static final AttributeKey<String> REGISTRATION = AttributeKey.stringKey("tokenkeep.registration");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("tokenkeep.outcome");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");

    private RequestSpan() {}

    static void goesTo(Span span, URI endpoint) {
        span.setAttribute(SERVER, endpoint.getHost());
    }

    static void answered(Span span, ClientRegistration registration, HttpResult answer) {
        span.setAttribute(REGISTRATION, registration.name());
        if (!(answer instanceof HttpResult.NotSent)) {
            span.setAttribute(METHOD, "POST");
        }
        if (answer instanceof HttpResult.Response response) {
            span.setAttribute(STATUS, (long) response.status());
        }
    }

    static void outcome(Span span, TokenResult outcome) {
        boolean good = outcome.kind() == TokenResult.Kind.REFRESHED;
        outcome(span, outcome.kind().name().toLowerCase(Locale.ROOT), good ? null : outcome.code());
    }

    static void outcome(Span span, AuthorizationReply<?> reply) {
        if (reply instanceof AuthorizationReply.Refused<?> refused) {
            outcome(span, "refused", refused.code());
        } else if (reply instanceof AuthorizationReply.Unavailable<?> unavailable) {
            outcome(span, "unavailable", unavailable.code());
        } else {
            outcome(span, "accepted", null);
        }
    }

    private static void outcome(Span span, String outcome, @Nullable String error) {
        span.setAttribute(OUTCOME, outcome);
        if (error != null) {
            Traces.failed(span, error);
        }
    }
}
