package dev.tokenkeep.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Sends the very octets it is given, which no client library would, and reads one answer. */
final class RawHttp {

    private static final int PATIENCE_MILLIS = 20_000;

    /** @param headers by lower-case names */
    record Answer(int status, Map<String, String> headers, byte[] body) {

        /** The connection was closed without a word. */
        static final Answer NONE = new Answer(0, Map.of(), new byte[0]);

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        String contentType() {
            return header("content-type").replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        }

        String text() {
            return new String(body, ISO_8859_1);
        }
    }

    private final URI base;

    RawHttp(URI base) {
        this.base = base;
    }

    /** @param request with {@code Connection: close} */
    Answer send(byte[] request) throws IOException {
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            var received = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
                socket.getInputStream().transferTo(received);
            } catch (java.net.SocketTimeoutException e) {
                throw new IOException("No whole answer in " + PATIENCE_MILLIS + " ms", e);
            } catch (IOException reset) {
                // Who refuses a body does not read it to its end. What came before counts.
            }
            return answer(received.toString(ISO_8859_1));
        }
    }

    private static Answer answer(String received) {
        int end = received.indexOf("\r\n\r\n");
        if (end < 0) {
            return Answer.NONE;
        }
        String[] lines = received.substring(0, end).split("\r\n");
        var headers = new TreeMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.merge(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip(),
                    (one, other) -> one + ", " + other);
        }
        int status = Integer.parseInt(lines[0].split(" ")[1]);
        String rest = received.substring(end + 4);
        if (status == 100) {
            return answer(rest);
        }
        boolean chunked = headers.getOrDefault("transfer-encoding", "").contains("chunked");
        return new Answer(status, headers, (chunked ? joined(rest) : rest).getBytes(ISO_8859_1));
    }

    private static String joined(String chunks) {
        var body = new StringBuilder();
        int at = 0;
        for (int length = -1; length != 0; ) {
            int line = chunks.indexOf("\r\n", at);
            length = Integer.parseInt(chunks.substring(at, line), 16);
            body.append(chunks, line + 2, line + 2 + length);
            at = line + 4 + length;
        }
        return body.toString();
    }
}
