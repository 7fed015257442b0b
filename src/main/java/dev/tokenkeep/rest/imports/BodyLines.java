package dev.tokenkeep.rest.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of a body, read as they arrive. */
final class BodyLines {

    private static final int BUFFER = 64 * 1024;
    private static final int MAX_SIZE = 1024 * 1024;
    private static final int END = -1;

    private final InputStream body;
    private final int longest;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private long number;

    /** @param longest how many bytes a line may have */
    BodyLines(InputStream body, int longest) {
        this.body = body;
        this.longest = longest;
    }

    /**
     * A line.
     *
     * @param number from 1
     * @param bytes without the line's end; null if the line is too long
     */
    record Line(long number, byte @Nullable [] bytes) {

        boolean isBlank() {
            return bytes != null && new String(bytes, StandardCharsets.ISO_8859_1).isBlank();
        }
    }

    /**
     * Returns the next lines: waits for one, and takes the others that have arrived by then, up to about a mebibyte.
     * Empty at the end of the body.
     *
     * @param most how many lines at most
     * @throws IOException if the body does not arrive
     */
    List<Line> next(int most) throws IOException {
        var lines = new ArrayList<Line>();
        long size = 0;
        while (lines.size() < most && size < MAX_SIZE && (lines.isEmpty() || isThere())) {
            Line line;
            try {
                line = next();
            } catch (IOException e) {
                if (lines.isEmpty()) {
                    throw e;
                }
                // What has arrived is not lost. The next call finds the body broken again.
                return lines;
            }
            if (line == null) {
                return lines;
            }
            if (!line.isBlank()) {
                lines.add(line);
                size += line.bytes() == null ? 0 : line.bytes().length;
            }
        }
        return lines;
    }

    private boolean isThere() throws IOException {
        return endOfLine() != END || body.available() > 0;
    }

    private @Nullable Line next() throws IOException {
        var line = new ByteArrayOutputStream();
        long length = 0;
        while (position < limit || fill()) {
            int end = endOfLine();
            int taken = (end == END ? limit : end) - position;
            length += taken;
            if (length <= longest) {
                line.write(buffer, position, taken);
            }
            position += taken;
            if (end != END) {
                position++;
                return line(line, length);
            }
        }
        return length == 0 ? null : line(line, length);
    }

    private Line line(ByteArrayOutputStream line, long length) {
        number++;
        return new Line(number, length > longest ? null : line.toByteArray());
    }

    private int endOfLine() {
        for (int at = position; at < limit; at++) {
            if (buffer[at] == '\n') {
                return at;
            }
        }
        return END;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = 0;
        limit = Math.max(0, body.read(buffer));
        return limit > 0;
    }
}
