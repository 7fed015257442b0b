package dev.tokenkeep.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts: by promtool, where that is installed, and what their annotations lead to. */
class AlertsTest {

    private static final Path CASES = Path.of("src/test/resources/monitoring/alerts-cases.yaml");

    @TempDir
    Path scratch;

    private record Ended(int status, String output) {}

    @Test
    void everyAlertHasAHeadingInTheRunbookAndEveryHeadingAnAlert() throws IOException {
        Set<String> alerts = MonitoringFiles.rules("alert").stream()
                .map(rule -> rule.get("alert").asText())
                .collect(Collectors.toSet());
        assertThat(alerts).isNotEmpty().isEqualTo(MonitoringFiles.runbookHeadings());
    }

    @Test
    void everyAlertTellsHowBadItIsWhatItIsAndWhatToDo() throws IOException {
        for (JsonNode rule : MonitoringFiles.rules("alert")) {
            String name = rule.get("alert").asText();
            assertThat(rule.at("/labels/severity").asText()).as(name).isIn("critical", "warning", "info");
            assertThat(rule.at("/annotations/summary").asText()).as(name).isNotBlank();
            assertThat(rule.at("/annotations/description").asText()).as(name).isNotBlank();
            assertThat(rule.at("/annotations/runbook_url").asText())
                    .as(name)
                    .endsWith("#" + name.toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void everyAlertHasACase() throws IOException {
        String cases = Files.readString(CASES);
        for (JsonNode rule : MonitoringFiles.rules("alert")) {
            assertThat(cases).contains("alertname=\"" + rule.get("alert").asText() + "\"");
        }
    }

    @Test
    void promtoolTakesTheRulesAndTheyAlertWhenTheyShould() throws IOException, InterruptedException {
        staged(MonitoringFiles.rules().toString());
        Ended check = promtool("check", "rules", "rules.yaml");
        assertThat(check.status()).as(check.output()).isZero();
        Ended test = promtool("test", "rules", "alerts-cases.yaml");
        assertThat(test.status()).as(test.output()).isZero();
    }

    @Test
    void theCasesSeeAnAlertThatNeverComes() throws IOException, InterruptedException {
        String rules = MonitoringFiles.rules().toString();
        String deaf =
                rules.replace("tokenkeep_sessions_due_age_seconds) > 60", "tokenkeep_sessions_due_age_seconds) > 600");
        assertThat(deaf).isNotEqualTo(rules);
        staged(deaf);
        Ended test = promtool("test", "rules", "alerts-cases.yaml");
        assertThat(test.status()).isNotZero();
        assertThat(test.output()).contains("TokenkeepBacklogOld");
    }

    /** JSON is YAML. */
    private void staged(String rules) throws IOException {
        Files.writeString(scratch.resolve("rules.yaml"), rules);
        Files.copy(CASES, scratch.resolve("alerts-cases.yaml"));
    }

    private Ended promtool(String... arguments) throws IOException, InterruptedException {
        Path output = scratch.resolve("output");
        List<String> command =
                Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList();
        Process promtool;
        try {
            promtool = new ProcessBuilder(command)
                    .directory(scratch.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "there is no promtool here");
            throw e;
        }
        return new Ended(promtool.waitFor(), Files.readString(output));
    }
}
