package dev.tokenkeep.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/** What a fuzzer made up: choices first, each a byte and 0 the digit for the first alternative, then what is to be read. */
public final class FuzzInput {

    private final byte[] data;
    private int at;

    public FuzzInput(byte[] data) {
        this.data = data;
    }

    /** An empty input chooses the first. */
    public <T> T oneOf(List<T> alternatives) {
        int choice = at < data.length ? (data[at++] - '0') & 0xFF : 0;
        return alternatives.get(choice % alternatives.size());
    }

    public byte[] rest() {
        return Arrays.copyOfRange(data, at, data.length);
    }

    public String text() {
        return new String(rest(), UTF_8);
    }
}
