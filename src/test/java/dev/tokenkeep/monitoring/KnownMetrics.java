package dev.tokenkeep.monitoring;

import dev.tokenkeep.monitoring.MonitoringFiles.Documented;
import dev.tokenkeep.monitoring.PromQl.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an expression may name: what the application exports, what the rules record, and what Prometheus adds.
 *
 * @param series each one's labels and their values
 */
record KnownMetrics(Map<String, Map<String, Set<String>>> series, Map<String, Documented> documented) {

    private static final Set<String> TARGET = Set.of("job", "namespace", "pod", "instance", "container", "endpoint");

    /** Values that installations choose. */
    private static final Set<String> FREE = Set.of("registration", "key", "uri");

    static KnownMetrics of(Exposition exported, Set<String> recorded, Map<String, Documented> documented) {
        var series = new TreeMap<>(exported.series());
        recorded.forEach(name -> series.put(name, Map.of("registration", Set.of())));
        series.put("up", Map.of());
        return new KnownMetrics(series, documented);
    }

    /** What of an expression is not known. */
    List<String> unknown(String expression) {
        PromQl parsed = PromQl.parse(expression);
        var unknown = new ArrayList<String>();
        var labels = new TreeSet<>(TARGET);
        for (Selector selector : parsed.selectors()) {
            Map<String, Set<String>> known = series.get(selector.metric());
            if (known == null) {
                unknown.add(selector.metric());
            } else {
                labels.addAll(known.keySet());
                selector.matchers().forEach((label, values) -> check(selector.metric(), known, label, values, unknown));
            }
        }
        if (parsed.selectors().isEmpty()) {
            unknown.add("no metric in " + expression);
        }
        parsed.grouping().stream().filter(label -> !labels.contains(label)).forEach(unknown::add);
        return unknown;
    }

    private void check(
            String metric, Map<String, Set<String>> known, String label, Set<String> values, List<String> unknown) {
        if (TARGET.contains(label)) {
            return;
        }
        if (!known.containsKey(label)) {
            unknown.add(metric + "{" + label + "}");
        } else if (!FREE.contains(label)) {
            values.stream()
                    .filter(value -> !known.get(label).contains(value) && !told(metric, value))
                    .forEach(value -> unknown.add(metric + "{" + label + "=" + value + "}"));
        }
    }

    private boolean told(String metric, String value) {
        return documented.containsKey(metric) && documented.get(metric).words().contains(value);
    }
}
