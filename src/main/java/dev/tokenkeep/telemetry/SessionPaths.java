package dev.tokenkeep.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes ids and tickets from the paths, and subjects, codes and states from the queries, in the HTTP server's spans of our API. An
 * attribute cannot be removed, so it is overwritten. Only an OpenTelemetry SDK loads this class, if there is one.
 */
public final class SessionPaths implements AutoConfigurationCustomizerProvider {

    /** What may follow an id, by the path of the resource. */
    private static final Map<String, Pattern> RESOURCES = Map.of(
            "/v1/sessions", Pattern.compile("/[^/;]+(/access-token|/id-token|/refresh|/dpop-proof|)(/?)"),
            "/v1/access-token", Pattern.compile("()(/?)"),
            "/v1/authorizations", Pattern.compile("/[^/;]+(/completion|/confirmation|)(/?)"),
            "/connect", Pattern.compile("/[^/;]+(/callback|/jwks|/client|)(/?)"));

    @Override
    public void customize(AutoConfigurationCustomizer sdk) {
        sdk.addTracerProviderCustomizer((provider, config) -> provider.addSpanProcessor(new Overwriting()));
    }

    /** Returns the resource's path in this path; empty if it is none of ours. */
    private static Optional<String> resource(String path) {
        return RESOURCES.keySet().stream().filter(path::contains).findFirst();
    }

    /** Returns the same path for all ids. Any unknown rest of the path is replaced. */
    static String template(String path) {
        String resource = resource(path).orElseThrow();
        int begin = path.indexOf(resource) + resource.length();
        String rest = path.substring(begin);
        if (rest.isEmpty() || rest.equals("/")) {
            return path;
        }
        Matcher one = Objects.requireNonNull(RESOURCES.get(resource)).matcher(rest);
        return path.substring(0, begin) + (one.matches() ? "/{id}" + one.group(1) + one.group(2) : "/-");
    }

    private static final class Overwriting implements SpanProcessor {

        private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
        private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            String path = span.getKind() == SpanKind.SERVER ? span.getAttribute(PATH) : null;
            if (path == null || resource(path).isEmpty()) {
                return;
            }
            span.setAttribute(PATH, template(path));
            if (span.getAttribute(QUERY) != null) {
                span.setAttribute(QUERY, "-");
            }
        }

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            // Nothing to do.
        }

        @Override
        public boolean isEndRequired() {
            return false;
        }
    }
}
