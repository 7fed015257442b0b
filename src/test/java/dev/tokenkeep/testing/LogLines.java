package dev.tokenkeep.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** What is logged on one category, stack traces and thread names included. */
public final class LogLines extends Handler implements AutoCloseable {

    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final Logger logger;

    private record Line(String text, Map<String, String> mdc) {}

    private LogLines(Logger logger) {
        this.logger = logger;
        setLevel(Level.ALL);
    }

    /** Listens until it is closed. */
    public static LogLines of(String category) {
        var lines = new LogLines(Logger.getLogger(category));
        lines.logger.addHandler(lines);
        return lines;
    }

    /** The lines that have this in them. */
    public List<String> with(String part) {
        return lines.stream()
                .map(Line::text)
                .filter(text -> text.contains(part))
                .toList();
    }

    /** What those lines are marked with by that name. */
    public List<String> mdc(String part, String name) {
        return lines.stream()
                .filter(line -> line.text().contains(part))
                .map(line -> String.valueOf(line.mdc().get(name)))
                .toList();
    }

    public int size() {
        return lines.size();
    }

    @Override
    public void publish(LogRecord line) {
        var text = new StringWriter();
        text.append(line.getLoggerName()).append(": ");
        if (line instanceof ExtLogRecord extended) {
            text.append(extended.getThreadName()).append(": ").append(extended.getFormattedMessage());
        } else {
            text.append(line.getMessage());
        }
        if (line.getThrown() != null) {
            line.getThrown().printStackTrace(new PrintWriter(text, true));
        }
        lines.add(new Line(text.toString(), line instanceof ExtLogRecord extended ? extended.getMdcCopy() : Map.of()));
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
