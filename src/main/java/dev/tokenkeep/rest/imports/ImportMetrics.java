package dev.tokenkeep.rest.imports;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Arrays;

/** Counts the lines of all imports. Created at startup, so that the metric exists before the first import. */
@Startup
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class ImportMetrics {

    private final MeterRegistry meters;

    ImportMetrics(MeterRegistry meters) {
        this.meters = meters;
        Arrays.stream(ImportResult.values()).forEach(this::counter);
    }

    void count(ImportResult result) {
        counter(result).increment();
    }

    private Counter counter(ImportResult result) {
        return meters.counter("tokenkeep.imported.lines", "result", result.label());
    }
}
