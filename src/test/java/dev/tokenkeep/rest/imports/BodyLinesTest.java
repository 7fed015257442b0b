package dev.tokenkeep.rest.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.rest.imports.BodyLines.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyLinesTest {

    private static final int LONGEST = 100;

    @Test
    void readsLinesWhateverEndsThem() throws IOException {
        assertThat(read("one\ntwo\r\nthree")).containsExactly("1 one", "2 two\r", "3 three");
    }

    @Test
    void skipsBlankLinesButCountsThem() throws IOException {
        assertThat(read("\n  \none\n\r\n\ntwo\n\n")).containsExactly("3 one", "6 two");
    }

    @Test
    void hasNoLinesWithoutABody() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("\n\n")).isEmpty();
    }

    @Test
    void skipsALineThatIsTooLongAndReadsTheNextOne() throws IOException {
        assertThat(read("x".repeat(LONGEST) + "\n" + "x".repeat(LONGEST + 1) + "\n" + "x".repeat(1_000_000) + "\nend"))
                .containsExactly("1 " + "x".repeat(LONGEST), "2 too long", "3 too long", "4 end");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void putsALineTogetherThatArrivesInPieces(int piece) throws IOException {
        byte[] body = "first\nsecond ümlaut\nthird\n".getBytes(StandardCharsets.UTF_8);
        var pieces = new ArrayList<InputStream>();
        for (int at = 0; at < body.length; at += piece) {
            pieces.add(new ByteArrayInputStream(body, at, Math.min(piece, body.length - at)));
        }
        assertThat(all(new SequenceInputStream(Collections.enumeration(pieces))))
                .containsExactly("1 first", "2 second ümlaut", "3 third");
    }

    @Test
    void takesNoMoreThanAskedForAndLeavesTheRest() throws IOException {
        var lines = new BodyLines(stream("1\n2\n3\n"), LONGEST);
        assertThat(lines.next(2)).hasSize(2);
        assertThat(lines.next(2)).hasSize(1);
        assertThat(lines.next(2)).isEmpty();
    }

    @Test
    void takesNoMoreThanAboutAMebibyteAtOnce() throws IOException {
        String line = "x".repeat(300_000) + "\n";
        var lines = new BodyLines(stream(line.repeat(10)), 300_000);
        assertThat(lines.next(100)).hasSize(4);
    }

    /** A caller may wait for an answer before it sends the next line. */
    @Test
    void doesNotWaitForMoreThanOneLine() throws IOException {
        var waiting = new InputStream() {
            private final InputStream there = stream("one\ntwo\n");

            @Override
            public int read() throws IOException {
                throw new AssertionError("reads byte by byte");
            }

            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                int read = there.read(into, from, most);
                assertThat(read).as("read after everything that is there").isPositive();
                return read;
            }

            @Override
            public int available() throws IOException {
                return there.available();
            }
        };
        assertThat(new BodyLines(waiting, LONGEST).next(10)).hasSize(2);
    }

    @Test
    void losesNothingOfABodyThatBreaksOff() throws IOException {
        var broken = new InputStream() {
            private final InputStream there = stream("one\ntwo\nthr");

            @Override
            public int read() {
                throw new AssertionError("reads byte by byte");
            }

            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                int read = there.read(into, from, most);
                if (read < 0) {
                    throw new IOException("broken");
                }
                return read;
            }

            @Override
            public int available() {
                return 1;
            }
        };
        var lines = new BodyLines(broken, LONGEST);
        assertThat(lines.next(10)).hasSize(2);
        assertThatThrownBy(() -> lines.next(10)).isInstanceOf(IOException.class);
    }

    private static List<String> read(String body) throws IOException {
        return all(stream(body));
    }

    private static List<String> all(InputStream body) throws IOException {
        var lines = new BodyLines(body, LONGEST);
        var all = new ArrayList<Line>();
        for (List<Line> next = lines.next(1000); !next.isEmpty(); next = lines.next(1000)) {
            all.addAll(next);
        }
        return all.stream().flatMap(BodyLinesTest::text).toList();
    }

    private static Stream<String> text(Line line) {
        byte[] bytes = line.bytes();
        return Stream.of(
                line.number() + " " + (bytes == null ? "too long" : new String(bytes, StandardCharsets.UTF_8)));
    }

    private static InputStream stream(String body) {
        return new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
    }
}
