package dev.tokenkeep.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/** As whoever looks for a fault would set it: every log line, and traces, which go to {@link KeptSpans} alone. */
public final class EverythingTold implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = new HashMap<>(Map.of(
                "quarkus.log.min-level", "TRACE",
                "quarkus.log.level", "TRACE",
                "quarkus.log.category.\"dev.tokenkeep\".level", "TRACE",
                "quarkus.log.console.level", "ERROR",
                "quarkus.hibernate-orm.tokenkeep.log.sql", "true",
                "quarkus.hibernate-orm.tokenkeep.log.bind-parameters", "true",
                "quarkus.rest-client.logging.scope", "all",
                "quarkus.rest-client.logging.body-limit", "100000",
                "quarkus.http.access-log.enabled", "true",
                "quarkus.http.record-request-start-time", "true"));
        settings.putAll(Map.of("quarkus.otel.sdk.disabled", "false", "quarkus.otel.traces.exporter", "none"));
        settings.put("tokenkeep.connect.base-url", "https://tokenkeep.example");
        return settings;
    }
}
