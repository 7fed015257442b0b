package dev.tokenkeep.problem;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts the returned problems. A status alone does not distinguish a paused registration from an unavailable database.
 */
@Startup
@Singleton
public class ProblemMetrics {

    private final Map<ProblemType, Counter> problems = new EnumMap<>(ProblemType.class);

    ProblemMetrics(MeterRegistry meters) {
        for (ProblemType type : ProblemType.values()) {
            problems.put(type, meters.counter("tokenkeep.problems", "problem", type.slug()));
        }
    }

    public void answered(ProblemType type) {
        Counter counter = problems.get(type);
        if (counter != null) {
            counter.increment();
        }
    }
}
