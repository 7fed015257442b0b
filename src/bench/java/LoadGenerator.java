import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Reads over keep-alive connections, plain HTTP/1.1, on one thread. At a rate, each request is sent when it is due, whatever
 * has become of those before, and timed from then: a server that stops for a while is not asked less for it (no coordinated
 * omission).
 */
final class LoadGenerator {

    private static final int CONNECTIONS = 64;
    private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.US_ASCII);
    /** The end of an answer whose length is not told. */
    private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress address;
    private final byte[] request;
    private final int idAt;
    private final List<String> ids;
    private final int[] order;
    private int next;

    /** @param nanos from when a request was due to the end of its answer */
    record Result(long requests, double seconds, Histogram nanos) {

        double aSecond() {
            return requests / seconds;
        }

        double millis(double percentile) {
            return nanos.getValueAtPercentile(percentile) / 1e6;
        }
    }

    /**
     * @param url with {@code {id}} where an id belongs; all ids are of one length
     * @param order in which they are asked for, over and over
     */
    LoadGenerator(String url, String token, List<String> ids, int[] order) {
        this.ids = ids;
        this.order = order;
        URI uri = URI.create(url.replace("{id}", ids.get(0)));
        this.address = new InetSocketAddress("127.0.0.1", uri.getPort());
        this.request = ("GET " + uri.getPath() + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nAuthorization: Bearer "
                        + token + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        this.idAt = "GET ".length() + uri.getPath().indexOf(ids.get(0));
    }

    /** As many as the server answers, on all connections. */
    Result saturate(Duration howLong) throws IOException {
        try (var run = new Run()) {
            return run.saturate(howLong);
        }
    }

    Result atRate(double aSecond, Duration howLong) throws IOException {
        try (var run = new Run()) {
            return run.atRate(aSecond, howLong);
        }
    }

    /** What is asked, without its caller's JWT. */
    private String request() {
        return address + " "
                + new String(request, StandardCharsets.US_ASCII)
                        .lines()
                        .findFirst()
                        .orElse("");
    }

    /** Connections of its own: servers close those that are idle. */
    private final class Run implements AutoCloseable {

        private final Selector selector = Selector.open();
        private final ArrayDeque<Connection> free = new ArrayDeque<>();
        private final Histogram nanos = new Histogram(Duration.ofMinutes(1).toNanos(), 3);
        private String failure = "";

        Run() throws IOException {
            for (int i = 0; i < CONNECTIONS; i++) {
                free.add(new Connection(selector));
            }
        }

        Result saturate(Duration howLong) throws IOException {
            long start = System.nanoTime();
            long end = start + howLong.toNanos();
            while (System.nanoTime() < end) {
                while (!free.isEmpty()) {
                    free.poll().send(System.nanoTime());
                }
                selector.select();
                takeAnswers();
            }
            return result(start);
        }

        Result atRate(double aSecond, Duration howLong) throws IOException {
            long everyNanos = (long) (1e9 / aSecond);
            long all = howLong.toNanos() / everyNanos;
            long start = System.nanoTime();
            for (long sent = 0; sent < all; ) {
                while (sent < all && !free.isEmpty() && start + sent * everyNanos <= System.nanoTime()) {
                    free.poll().send(start + sent++ * everyNanos);
                }
                selector.selectNow();
                takeAnswers();
            }
            return result(start);
        }

        /** When the last ones are answered too. */
        private Result result(long start) throws IOException {
            double seconds = (System.nanoTime() - start) / 1e9;
            long requests = nanos.getTotalCount();
            while (free.size() < CONNECTIONS) {
                selector.select();
                takeAnswers();
            }
            if (!failure.isEmpty()) {
                throw new IllegalStateException(request() + ": " + failure);
            }
            return new Result(requests, seconds, nanos);
        }

        private void takeAnswers() throws IOException {
            for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); keys.remove()) {
                var connection = (Connection) keys.next().attachment();
                if (connection.isAnswered()) {
                    nanos.recordValue(System.nanoTime() - connection.due);
                    failure = connection.isGood() ? failure : connection.answer();
                    free.add(connection);
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        }
    }

    private final class Connection {

        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024);
        private final ByteBuffer out = ByteBuffer.allocateDirect(request.length).put(request);
        private long due;

        Connection(Selector selector) throws IOException {
            channel = SocketChannel.open(address);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void send(long dueNanos) throws IOException {
            due = dueNanos;
            in.clear();
            String id = ids.get(order[next++ % order.length]);
            for (int i = 0; i < id.length(); i++) {
                out.put(idAt + i, (byte) id.charAt(i));
            }
            out.rewind();
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        /** Whether the answer is there, whole. */
        boolean isAnswered() throws IOException {
            if (channel.read(in) < 0) {
                throw new EOFException("The server has closed a connection");
            }
            int length = -1;
            for (int at = 3; at < in.position(); at++) {
                if (in.get(at) == '\n' && in.get(at - 2) == '\n') {
                    return length < 0
                            ? is(LAST_CHUNK, in.position() - LAST_CHUNK.length)
                            : in.position() == at + 1 + length;
                }
                if (in.get(at) == '\n' && is(LENGTH, at + 1)) {
                    length = number(at + 1 + LENGTH.length);
                }
            }
            return false;
        }

        private boolean is(byte[] text, int from) {
            for (int i = 0; i < text.length; i++) {
                if (from + i >= in.position() || lower(in.get(from + i)) != text[i]) {
                    return false;
                }
            }
            return true;
        }

        private int lower(byte letter) {
            return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
        }

        private int number(int from) {
            int number = 0;
            for (int at = from; Character.isDigit(in.get(at)); at++) {
                number = number * 10 + in.get(at) - '0';
            }
            return number;
        }

        boolean isGood() {
            return in.get(9) == '2';
        }

        String answer() {
            byte[] answer = new byte[in.position()];
            in.get(0, answer);
            return new String(answer, StandardCharsets.US_ASCII);
        }
    }
}
