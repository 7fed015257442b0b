package dev.tokenkeep.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes session IDs from the paths, and subjects from the queries, in the HTTP server's spans of our API. An
 * attribute cannot be removed, so it is overwritten. Only an OpenTelemetry SDK loads this class, if there is one.
 */
public final class SessionPaths implements AutoConfigurationCustomizerProvider {

    private static final String SESSIONS = "/v1/sessions";
    private static final Pattern ONE = Pattern.compile("/[^/;]+(/access-token|/id-token|/refresh|)(/?)");

    @Override
    public void customize(AutoConfigurationCustomizer sdk) {
        sdk.addTracerProviderCustomizer((provider, config) -> provider.addSpanProcessor(new Overwriting()));
    }

    /** Returns the same path for all sessions. Any unknown rest of the path is replaced. */
    static String template(String path) {
        int begin = path.indexOf(SESSIONS) + SESSIONS.length();
        String rest = path.substring(begin);
        if (rest.isEmpty() || rest.equals("/")) {
            return path;
        }
        Matcher one = ONE.matcher(rest);
        return path.substring(0, begin) + (one.matches() ? "/{id}" + one.group(1) + one.group(2) : "/-");
    }

    private static final class Overwriting implements SpanProcessor {

        private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
        private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            String path = span.getKind() == SpanKind.SERVER ? span.getAttribute(PATH) : null;
            if (path == null || !path.contains(SESSIONS)) {
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
