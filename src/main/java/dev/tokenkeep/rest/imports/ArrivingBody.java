package dev.tokenkeep.rest.imports;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The body of a request, of any length. Unlike the framework's own stream, which has the limit of all other bodies, it
 * lets some of the body arrive while the reader is busy, and it waits longer for the next part.
 */
final class ArrivingBody extends InputStream {

    /** How many bytes may arrive before they are read. */
    private static final int MOST_AHEAD = 1024 * 1024;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final long LINGER_MILLIS = 500;
    private static final Buffer END = Buffer.buffer();
    private static final Buffer BROKEN = Buffer.buffer();

    private final HttpServerRequest request;
    private final RoutingContext call;
    private final Context context;
    private final BlockingQueue<Buffer> arrived = new LinkedBlockingQueue<>();
    private final AtomicInteger ahead = new AtomicInteger();
    private Buffer current = Buffer.buffer();
    private int position;

    /** @param call whose body nobody has begun to read */
    ArrivingBody(RoutingContext call) {
        this.call = call;
        this.request = call.request();
        this.context = call.vertx().getOrCreateContext();
    }

    /** Lets the body arrive. */
    ArrivingBody begin() {
        context.runOnContext(there -> request.handler(this::arrived)
                .endHandler(end -> arrived.add(END))
                .exceptionHandler(broken -> arrived.add(BROKEN))
                .resume());
        return this;
    }

    private void arrived(Buffer part) {
        arrived.add(part);
        if (ahead.addAndGet(part.length()) > MOST_AHEAD) {
            request.pause();
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        Objects.checkFromIndexSize(from, most, into.length);
        if (position == current.length()) {
            next();
        }
        if (current == BROKEN) {
            throw new IOException("The connection broke");
        }
        if (current == END) {
            return -1;
        }
        int read = Math.min(most, current.length() - position);
        current.getBytes(position, position + read, into, from);
        position += read;
        return read;
    }

    private void next() throws IOException {
        if (current == END || current == BROKEN) {
            return;
        }
        int read = current.length();
        if (ahead.getAndAdd(-read) > MOST_AHEAD && ahead.get() <= MOST_AHEAD) {
            context.runOnContext(there -> request.resume());
        }
        current = await();
        position = 0;
    }

    private Buffer await() throws IOException {
        try {
            Buffer next = arrived.poll(LONGEST_PAUSE.toNanos(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new IOException("Nothing has arrived for " + LONGEST_PAUSE.toSeconds() + " seconds");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    /** Returns how many bytes have arrived and are not read. */
    @Override
    public int available() {
        return ahead.get() - position;
    }

    /**
     * Discards what is not read. If there is more to come, the connection is closed, but not before the sender had the
     * time to read the response (RFC 9112 §9.6).
     */
    @Override
    public void close() {
        context.runOnContext(there -> {
            if (!request.isEnded()) {
                request.handler(discarded -> {}).resume();
                call.vertx()
                        .setTimer(LINGER_MILLIS, timer -> request.connection().close());
            }
        });
    }
}
