package dev.tokenkeep.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads a response body up to a maximum size. */
final class LimitedBody {

    static final int MAX_BYTES = 1024 * 1024;

    private LimitedBody() {}

    /**
     * Returns the decompressed body; null if it is too large. Tokenkeep does not ask for compression, but accepts it.
     */
    static byte @Nullable [] read(@Nullable String contentEncoding, byte[] received) {
        String encoding = contentEncoding == null ? "" : contentEncoding.strip().toLowerCase(Locale.ROOT);
        if (!encoding.equals("gzip") && !encoding.equals("x-gzip")) {
            return received;
        }
        try (var inflated = new GZIPInputStream(new ByteArrayInputStream(received))) {
            byte[] body = inflated.readNBytes(MAX_BYTES + 1);
            return body.length > MAX_BYTES ? null : body;
        } catch (IOException e) {
            // It is not compressed, whatever its header says. The parser decides what it is.
            return received;
        }
    }
}
