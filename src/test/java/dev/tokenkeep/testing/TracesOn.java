package dev.tokenkeep.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/** Traces are on, and go to {@link KeptSpans} alone. */
public class TracesOn implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return new HashMap<>(Map.of("quarkus.otel.sdk.disabled", "false", "quarkus.otel.traces.exporter", "none"));
    }
}
