package dev.tokenkeep.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the repository says of metrics: rules, dashboard, documentation and runbook. */
final class MonitoringFiles {

    static final Path FOLDER = Path.of("k8s/monitoring");
    private static final Pattern ROW =
            Pattern.compile("^\\| `(tokenkeep_\\w+)` \\| ([^|]*)\\| (.*) \\|$", Pattern.MULTILINE);
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern HEADING = Pattern.compile("^## (\\w+)$", Pattern.MULTILINE);
    private static final Pattern VARIABLE = Pattern.compile("label_values\\(([^,]+), (\\w+)\\)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private MonitoringFiles() {}

    /** As a line of the table of metrics has it. */
    record Documented(Set<String> labels, Set<String> words) {}

    /** What is under {@code spec} of the PrometheusRule, which is a file of rules. */
    static JsonNode rules() throws IOException {
        String yaml = Files.readString(FOLDER.resolve("alerts.yaml"));
        return JSON.valueToTree(new KubernetesSerialization().unmarshal(yaml, Map.class))
                .get("spec");
    }

    static List<JsonNode> rules(String kind) throws IOException {
        var found = new ArrayList<JsonNode>();
        for (JsonNode group : rules().get("groups")) {
            for (JsonNode rule : group.get("rules")) {
                if (rule.has(kind)) {
                    found.add(rule);
                }
            }
        }
        return found;
    }

    /** Every expression of the rules and the dashboard, by where it is. */
    static Map<String, String> expressions() throws IOException {
        var expressions = new TreeMap<String, String>();
        for (String kind : List.of("alert", "record")) {
            for (JsonNode rule : rules(kind)) {
                expressions.put(rule.get(kind).asText(), rule.get("expr").asText());
            }
        }
        JsonNode dashboard = JSON.readTree(FOLDER.resolve("dashboard.json").toFile());
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String where =
                        panel.get("title").asText() + " " + target.get("refId").asText();
                expressions.put("panel " + where, target.get("expr").asText());
            }
        }
        for (JsonNode variable : dashboard.at("/templating/list")) {
            Matcher values = VARIABLE.matcher(variable.path("definition").asText());
            if (values.matches()) {
                expressions.put(
                        "variable " + variable.get("name").asText(),
                        "sum by (" + values.group(2) + ") (" + values.group(1) + ")");
            }
        }
        return expressions;
    }

    /** The documentation's table of metrics. */
    static Map<String, Documented> documented() throws IOException {
        var documented = new TreeMap<String, Documented>();
        Matcher row = ROW.matcher(Files.readString(Path.of("src/docs/operations.md")));
        while (row.find()) {
            documented.put(row.group(1), new Documented(quoted(row.group(2)), quoted(row.group(3))));
        }
        return documented;
    }

    static Set<String> runbookHeadings() throws IOException {
        var headings = new TreeSet<String>();
        Matcher heading = HEADING.matcher(Files.readString(Path.of("src/docs/runbook.md")));
        while (heading.find()) {
            headings.add(heading.group(1));
        }
        return headings;
    }

    private static Set<String> quoted(String text) {
        var quoted = new TreeSet<String>();
        Matcher word = QUOTED.matcher(text);
        while (word.find()) {
            quoted.add(word.group(1));
        }
        return quoted;
    }
}
