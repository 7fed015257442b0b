package dev.tokenkeep.rest.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.rest.imports.BodyLines.Line;
import dev.tokenkeep.rest.imports.LineImporter.Registered;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.persistence.PersistenceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ImportRunTest {

    private static final int LINES = 600;

    private final RunningImports running = new RunningImports();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();

    @Test
    void countsWhatBecameOfTheLines() throws IOException {
        run(ImportRunTest::refused, answers);
        assertThat(lines()).hasSize(LINES + 1).last().asString().isEqualTo("""
                {"end":"complete","registered":0,"known":0,"refused":600}""");
        assertThat(meters.counter("tokenkeep.imported.lines", "result", "refused")
                        .count())
                .isEqualTo(LINES);
    }

    @Test
    void saysWhyItEndedWhenTheDatabaseIsAway() throws IOException {
        run(
                lines -> {
                    if (lines.get(0).number() > 1) {
                        throw new PersistenceException("away");
                    }
                    return refused(lines);
                },
                answers);
        assertThat(lines())
                .hasSize(251)
                .last()
                .asString()
                .startsWith("{\"end\":\"failed\",\"registered\":0,\"known\":0,\"refused\":250,\"problem\":")
                .contains("urn:tokenkeep:problem:storage-unavailable");
    }

    @Test
    void endsAfterItsBatchWhenTheProcessShutsDown() throws IOException {
        run(
                lines -> {
                    running.stop(new ShutdownEvent());
                    return refused(lines);
                },
                answers);
        assertThat(lines()).hasSize(251).last().asString().startsWith("{\"end\":\"shutdown\"");
    }

    @Test
    void tellsWhatWasRegisteredBeforeAFailure() throws IOException {
        run(
                lines -> new Registered(
                        refused(lines.subList(0, 3)).lines(), new IllegalStateException("The database is away")),
                answers);
        assertThat(lines()).hasSize(4).last().asString().startsWith("{\"end\":\"failed\"");
        assertThat(meters.counter("tokenkeep.imported.lines", "result", "refused")
                        .count())
                .isEqualTo(3);
    }

    @Test
    void readsNoFurtherWhenNobodyTakesTheAnswers() {
        var gone = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("gone");
            }
        };
        assertThatThrownBy(() -> run(ImportRunTest::refused, gone)).hasMessage("gone");
        assertThat(meters.counter("tokenkeep.imported.lines", "result", "refused")
                        .count())
                .isEqualTo(250);
    }

    @Test
    void aBodyThatPausesDoesNotHoldUpAShutdown() throws IOException {
        var pausing = new InputStream() {
            @Override
            public int read() throws IOException {
                running.stop(new ShutdownEvent());
                throw new IOException("The process shuts down");
            }
        };
        new ImportRun(
                        new BodyLines(pausing, Problem.MAX_BODY),
                        answers,
                        ImportRunTest::refused,
                        new ImportTally(new ImportMetrics(meters)),
                        running,
                        System::nanoTime)
                .run();
        assertThat(lines()).singleElement().asString().startsWith("{\"end\":\"shutdown\"");
    }

    private void run(Function<List<Line>, Registered> registering, OutputStream to) throws IOException {
        var body = new BodyLines(
                new ByteArrayInputStream("line\n".repeat(LINES).getBytes(StandardCharsets.UTF_8)), Problem.MAX_BODY);
        new ImportRun(body, to, registering, new ImportTally(new ImportMetrics(meters)), running, System::nanoTime)
                .run();
    }

    private static Registered refused(List<Line> lines) {
        return new Registered(
                lines.stream()
                        .map(line -> ImportedLine.refused(line.number(), Problem.invalid("", "No line.")))
                        .toList(),
                null);
    }

    private List<String> lines() {
        return answers.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
