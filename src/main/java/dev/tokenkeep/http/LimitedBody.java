package dev.tokenkeep.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** An answer's body, of which only so much is read. */
final class LimitedBody {

    static final int LARGEST = 1024 * 1024;

    private LimitedBody() {}

    /** Null if it is too large. Nobody asks for compression, but tokens that come compressed are tokens all the same. */
    static byte @Nullable [] read(@Nullable String contentEncoding, byte[] received) {
        String encoding = contentEncoding == null ? "" : contentEncoding.strip().toLowerCase(Locale.ROOT);
        if (!encoding.equals("gzip") && !encoding.equals("x-gzip")) {
            return received;
        }
        try (var inflated = new GZIPInputStream(new ByteArrayInputStream(received))) {
            byte[] body = inflated.readNBytes(LARGEST + 1);
            return body.length > LARGEST ? null : body;
        } catch (IOException e) {
            // Not what it claims to be: let the parser say so.
            return received;
        }
    }
}
