package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.registration.ClientRegistration;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.net.URI;
import java.util.Locale;

/**
 * Describes a token request in a span: where it went and its outcome. Leaves out its URL, whose parameters may be
 * secrets. Of the response, it contains only the status and a code.
 */
final class TokenRequestSpan {

    static final String NAME = "token request";

    private static final AttributeKey<String> REGISTRATION = AttributeKey.stringKey("tokenkeep.registration");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("tokenkeep.outcome");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");

    private TokenRequestSpan() {}

    static void goesTo(Span span, URI endpoint) {
        span.setAttribute(SERVER, endpoint.getHost());
    }

    static void end(Span span, ClientRegistration registration, HttpResult answer, TokenResult outcome) {
        if (span.isRecording()) {
            span.setAttribute(REGISTRATION, registration.name());
            span.setAttribute(OUTCOME, outcome.kind().name().toLowerCase(Locale.ROOT));
            if (!(answer instanceof HttpResult.NotSent)) {
                span.setAttribute(METHOD, "POST");
            }
            if (answer instanceof HttpResult.Response response) {
                span.setAttribute(STATUS, (long) response.status());
            }
            if (outcome.kind() != TokenResult.Kind.REFRESHED) {
                span.setStatus(StatusCode.ERROR);
                span.setAttribute(ERROR, outcome.code());
            }
        }
        span.end();
    }
}
