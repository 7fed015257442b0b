package dev.tokenkeep.monitoring;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a scrape brought.
 *
 * @param series by name, each label's values
 */
record Exposition(Map<String, Map<String, Set<String>>> series) {

    private static final Pattern SAMPLE =
            Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? [^ ]+$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern PART = Pattern.compile("(.*)_(?:bucket|count|sum|max)");

    static Exposition parse(String text) {
        var series = new TreeMap<String, Map<String, Set<String>>>();
        Matcher sample = SAMPLE.matcher(text);
        while (sample.find()) {
            Map<String, Set<String>> labels = series.computeIfAbsent(sample.group(1), name -> new TreeMap<>());
            Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
            while (label.find()) {
                labels.computeIfAbsent(label.group(1), name -> new TreeSet<>()).add(label.group(2));
            }
        }
        return new Exposition(series);
    }

    /** The service's own metrics with their labels, a histogram by the name that its parts share. */
    Map<String, Set<String>> own() {
        return series.entrySet().stream()
                .filter(one -> one.getKey().startsWith("tokenkeep_"))
                .collect(Collectors.toMap(
                        one -> histogram(one.getKey()).orElse(one.getKey()),
                        one -> one.getValue().keySet().stream()
                                .filter(label -> !label.equals("le"))
                                .collect(Collectors.toCollection(TreeSet::new)),
                        (some, others) -> {
                            some.addAll(others);
                            return some;
                        },
                        TreeMap::new));
    }

    private Optional<String> histogram(String name) {
        Matcher part = PART.matcher(name);
        return part.matches() && series.containsKey(part.group(1) + "_bucket")
                ? Optional.of(part.group(1))
                : Optional.empty();
    }
}
