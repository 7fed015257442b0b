package dev.tokenkeep.rest.imports;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts the lines of one import, for its caller and for the operator. */
final class ImportTally {

    private final MeterRegistry meters;
    private final Map<ImportResult, Long> counts = new EnumMap<>(ImportResult.class);

    ImportTally(MeterRegistry meters) {
        this.meters = meters;
    }

    void add(List<ImportedLine> lines) {
        lines.forEach(line -> {
            counts.merge(line.outcome(), 1L, Long::sum);
            meters.counter("tokenkeep.imported.lines", "result", line.result()).increment();
        });
    }

    long of(ImportResult result) {
        return counts.getOrDefault(result, 0L);
    }
}
