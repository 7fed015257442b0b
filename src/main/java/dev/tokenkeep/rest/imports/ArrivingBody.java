package dev.tokenkeep.rest.imports;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The body of a request, of any length. Unlike the framework's own stream, which has the limit of all other bodies, it
 * lets some of the body arrive while the reader is busy, and it waits longer for the next part.
 */
final class ArrivingBody extends InputStream {

    /** How many bytes may arrive before they are read. */
    private static final int MOST_AHEAD = 1024 * 1024;

    /** About what a part holds beside its bytes. */
    private static final int PART = 256;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** How often a reader that waits looks whether the process shuts down. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final long LINGER_MILLIS = 500;
    /** RFC 9113 §8.1. */
    private static final long NO_ERROR = 0;

    private static final Buffer NOTHING = Buffer.buffer();
    private static final Buffer END = Buffer.buffer();
    private static final Buffer BROKEN = Buffer.buffer();

    private final HttpServerRequest request;
    private final RoutingContext call;
    private final Context context;
    private final BooleanSupplier stopping;
    private final BlockingQueue<Buffer> arrived = new LinkedBlockingQueue<>();
    private final AtomicInteger ahead = new AtomicInteger();
    /** What these bytes and their parts hold of the memory. */
    private final AtomicInteger held = new AtomicInteger();

    private Buffer current = NOTHING;
    private int position;

    /**
     * @param call whose body nobody has begun to read
     * @param stopping whether to wait no longer, because the process shuts down
     */
    ArrivingBody(RoutingContext call, BooleanSupplier stopping) {
        this.stopping = stopping;
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
        ahead.addAndGet(part.length());
        if (held.addAndGet(part.length() + PART) > MOST_AHEAD) {
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
        // A part may be empty, as a frame of HTTP/2.
        while (position == current.length() && current != END && current != BROKEN) {
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
        if (current != NOTHING) {
            ahead.addAndGet(-current.length());
            if (held.getAndAdd(-current.length() - PART) > MOST_AHEAD && held.get() <= MOST_AHEAD) {
                context.runOnContext(there -> request.resume());
            }
        }
        position = 0;
        try {
            current = await();
        } catch (IOException e) {
            // A line may be torn. Whatever arrives later must not be taken for its rest.
            current = BROKEN;
            throw e;
        }
    }

    private Buffer await() throws IOException {
        try {
            for (Duration waited = Duration.ZERO; waited.compareTo(LONGEST_PAUSE) < 0; waited = waited.plus(LOOK)) {
                Buffer next = arrived.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    return next;
                }
                if (stopping.getAsBoolean()) {
                    throw new IOException("The process shuts down");
                }
            }
            throw new IOException("Nothing has arrived for " + LONGEST_PAUSE.toSeconds() + " seconds");
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
     * Discards what is not read. If there is more to come, the connection is closed (of HTTP/2 only the stream), but not
     * before the sender had the time to read the response (RFC 9112 §9.6).
     */
    @Override
    public void close() {
        context.runOnContext(there -> {
            if (!request.isEnded()) {
                request.handler(discarded -> {}).resume();
                call.vertx().setTimer(LINGER_MILLIS, timer -> cutOff());
            }
        });
    }

    private void cutOff() {
        if (request.isEnded()) {
            // The rest has come, and the connection may be in use again.
            return;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(NO_ERROR);
        } else {
            request.connection().close();
        }
    }
}
