package dev.tokenkeep.rest.imports;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts the lines of one import, for its caller and for the operator. */
final class ImportTally {

    private final ImportMetrics metrics;
    private final Map<ImportResult, Long> counts = new EnumMap<>(ImportResult.class);

    ImportTally(ImportMetrics metrics) {
        this.metrics = metrics;
    }

    void add(List<ImportedLine> lines) {
        lines.forEach(line -> {
            counts.merge(line.outcome(), 1L, Long::sum);
            metrics.count(line.outcome());
        });
    }

    long of(ImportResult result) {
        return counts.getOrDefault(result, 0L);
    }
}
