package dev.tokenkeep.rest.imports;

import dev.tokenkeep.problem.Json;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.rest.imports.BodyLines.Line;
import dev.tokenkeep.rest.imports.LineImporter.Registered;
import dev.tokenkeep.time.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * One import: reads some lines, registers them, answers them and rests, until the body ends. It holds no more than one
 * batch, and it reads no faster than it can answer.
 */
final class ImportRun {

    private static final int BATCH = 250;
    /** Rests for this part of the time that it works, so that it never has a whole core or connection. */
    private static final int REST_PART = 8;

    private final BodyLines body;
    private final OutputStream answers;
    private final Function<List<Line>, Registered> importer;
    private final ImportTally tally;
    private final RunningImports running;
    private final Ticker ticker;

    ImportRun(
            BodyLines body,
            OutputStream answers,
            Function<List<Line>, Registered> importer,
            ImportTally tally,
            RunningImports running,
            Ticker ticker) {
        this.body = body;
        this.answers = answers;
        this.importer = importer;
        this.tally = tally;
        this.running = running;
        this.ticker = ticker;
    }

    /**
     * Blocks until the import ends.
     *
     * @throws IOException if the caller does not take the answers
     */
    void run() throws IOException {
        answer(List.of(lines()));
    }

    private ImportEnd lines() throws IOException {
        while (true) {
            List<Line> lines;
            try {
                lines = body.next(BATCH);
            } catch (IOException e) {
                if (running.isStopping()) {
                    return ImportEnd.of(ImportEnd.SHUTDOWN, tally, null);
                }
                return failed(Problem.invalid("", "The body is incomplete. " + e.getMessage() + "."));
            }
            if (lines.isEmpty()) {
                return ImportEnd.of(ImportEnd.COMPLETE, tally, null);
            }
            long startNanos = ticker.nanos();
            Registered done = registered(lines);
            tally.add(done.lines());
            answer(done.lines());
            if (done.failure() != null) {
                return failed(ProblemMapper.of(done.failure(), LineImporter.OPERATION));
            }
            if (running.stopsWithin(Duration.ofNanos((ticker.nanos() - startNanos) / REST_PART))) {
                return ImportEnd.of(ImportEnd.SHUTDOWN, tally, null);
            }
        }
    }

    private Registered registered(List<Line> lines) {
        try {
            return importer.apply(lines);
        } catch (RuntimeException e) {
            return new Registered(List.of(), e);
        }
    }

    private ImportEnd failed(Problem problem) {
        return ImportEnd.of(ImportEnd.FAILED, tally, problem);
    }

    private void answer(List<?> lines) throws IOException {
        for (Object line : lines) {
            answers.write(Json.bytes(line));
            answers.write('\n');
        }
        answers.flush();
    }
}
