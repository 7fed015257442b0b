package dev.tokenkeep.replicas;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Connections that want to take a server down: most say nothing, or a byte a second of a head or of a body that never ends,
 * and some ask again and again with a JWT that nobody signed. One that the server closes is replaced.
 */
final class HostileConnections implements AutoCloseable {

    /** Short, since they have nothing to do with each other: ten thousand clients do not speak in one breath. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int TICKS_A_SECOND = 100;
    private static final int MOST_NEW_A_TICK = 50;

    private static final int KINDS = 50;

    private enum Kind {
        SILENT("", ""),
        SLOW_HEAD("GET /v1/sessions HTTP/1.1\r\nHost: test\r\nX-Slow: ", "x"),
        SLOW_BODY(
                "POST /v1/sessions HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n",
                " "),
        UNKNOWN_CALLER("", "GET /v1/sessions HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer a.b.c\r\n\r\n");

        private final byte[] first;
        private final byte[] everySecond;

        Kind(String first, String everySecond) {
            this.first = first.getBytes(US_ASCII);
            this.everySecond = everySecond.getBytes(US_ASCII);
        }

        /** Four in ten say nothing, one in fifty asks. */
        static Kind of(int number) {
            int part = number % KINDS;
            return part == 0 ? UNKNOWN_CALLER : part <= 20 ? SILENT : part <= 35 ? SLOW_HEAD : SLOW_BODY;
        }
    }

    private final InetSocketAddress server;
    private final Selector selector;
    /** Those that speak in each tick of a second. */
    private final List<List<SelectionKey>> speakers = Stream.<List<SelectionKey>>generate(ArrayList::new)
            .limit(TICKS_A_SECOND)
            .toList();

    private final ByteBuffer thrownAway = ByteBuffer.allocate(64 * 1024);
    private final int wanted;
    private final Thread thread;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger spoken = new AtomicInteger();
    private volatile boolean closed;
    private int made;

    private HostileConnections(URI server, int wanted) throws IOException {
        this.server = new InetSocketAddress(server.getHost(), server.getPort());
        this.selector = Selector.open();
        this.wanted = wanted;
        this.thread = new Thread(this::run, "hostile-connections");
    }

    /** Begins to open them. */
    static HostileConnections open(URI server, int connections) {
        try {
            var hostile = new HostileConnections(server, connections);
            hostile.thread.start();
            return hostile;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many the server has taken and not closed. */
    int open() {
        return open.get();
    }

    /** How often they have said something. */
    int spoken() {
        return spoken.get();
    }

    private void run() {
        try {
            for (int tick = 0; !closed; tick++) {
                long until = System.nanoTime() + TICK_NANOS;
                for (int i = 0; i < MOST_NEW_A_TICK && selector.keys().size() < wanted; i++) {
                    connect();
                }
                speak(speakers.get(tick % TICKS_A_SECOND));
                for (long left = TICK_NANOS; left > 0; left = until - System.nanoTime()) {
                    selector.select(key -> hear(key), Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        Kind kind = Kind.of(made);
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, kind);
        if (kind != Kind.SILENT) {
            speakers.get(made / KINDS % TICKS_A_SECOND).add(key);
        }
        made++;
        channel.connect(server);
    }

    private void hear(SelectionKey key) {
        try {
            var channel = (SocketChannel) key.channel();
            if (key.isConnectable() && channel.finishConnect()) {
                open.incrementAndGet();
                key.interestOps(SelectionKey.OP_READ);
                channel.write(ByteBuffer.wrap(((Kind) key.attachment()).first));
            } else if (key.isReadable() && channel.read(thrownAway.clear()) < 0) {
                end(key);
            }
        } catch (IOException e) {
            end(key);
        }
    }

    private void speak(List<SelectionKey> connections) {
        connections.removeIf(key -> !key.isValid());
        for (SelectionKey key : connections) {
            if (key.isValid() && key.interestOps() == SelectionKey.OP_READ) {
                try {
                    ((SocketChannel) key.channel()).write(ByteBuffer.wrap(((Kind) key.attachment()).everySecond));
                    spoken.incrementAndGet();
                } catch (IOException e) {
                    end(key);
                }
            }
        }
    }

    private void end(SelectionKey key) {
        if (key.isValid() && key.interestOps() == SelectionKey.OP_READ) {
            open.decrementAndGet();
        }
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            // It is gone in any case.
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
