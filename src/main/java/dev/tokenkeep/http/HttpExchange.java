package dev.tokenkeep.http;

import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: knows whether a byte of it was written, keeps the hard cap and the cap on the answer's size, and
 * completes exactly once. What the answer claims to be decides nothing here: an answer is its bytes.
 */
final class HttpExchange {

    static final String CONNECTION_LOST = "connection_lost";
    static final String TIMEOUT = "timeout";
    static final String RESPONSE_TOO_LARGE = "response_too_large";

    private static final long ANSWER_FIRST_MILLIS = 50;

    /** A request that was given up is never written, and one of which a byte has left is never told not to be. */
    private enum Fate {
        OPEN,
        SENT,
        NOT_SENT
    }

    private final Vertx vertx;
    private final Ticker ticker;
    private final @Nullable Lease lease;
    private final Duration hardCap;
    private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.OPEN);
    private final CompletableFuture<HttpResult> answer = new CompletableFuture<>();

    private volatile boolean answering;
    private volatile long startedNanos;

    /** @param lease null if the request needs none */
    HttpExchange(Vertx vertx, Ticker ticker, @Nullable Lease lease, Duration hardCap) {
        this.vertx = vertx;
        this.ticker = ticker;
        this.lease = lease;
        this.hardCap = hardCap;
        this.startedNanos = ticker.nanos();
    }

    CompletableFuture<HttpResult> answer() {
        return answer;
    }

    /**
     * A connection is there and nothing is written yet. A request that is reset here writes nothing.
     *
     * @param lastLook the connection's
     */
    void beforeFirstByte(HttpClientRequest request, LeaseCheckHandler lastLook) {
        // Without these Vert.x logs what it failed on, which may be a piece of an answer.
        request.exceptionHandler(failure -> {});
        request.connection().exceptionHandler(failure -> {});
        startedNanos = ticker.nanos();
        if (leaseOver(startedNanos)) {
            notSent(Fate.OPEN, NotSent.LEASE_TOO_SHORT);
        }
        if (!fate.compareAndSet(Fate.OPEN, Fate.SENT)) {
            request.reset();
            return;
        }
        if (lease != null) {
            lease.sent(startedNanos);
            answer.whenComplete((done, never) -> lease.answered());
        }
        lastLook.ask(this::mayLeave);
        long timer = vertx.setTimer(
                Math.max(1, hardCap.toMillis()),
                // A process that was stopped finds its answer and its timer at once, and has to see the answer first.
                id -> vertx.setTimer(ANSWER_FIRST_MILLIS, over -> giveUp(request, TIMEOUT)));
        answer.whenComplete((done, never) -> vertx.cancelTimer(timer));
        request.response().onSuccess(response -> take(request, response));
    }

    private boolean leaseOver(long nowNanos) {
        return lease != null && lease.remaining(nowNanos).isNegative();
    }

    /** The first bytes are about to leave; if they may not, nothing of the request was seen by anybody. */
    private boolean mayLeave() {
        if (!leaseOver(ticker.nanos())) {
            return true;
        }
        notSent(Fate.SENT, NotSent.LEASE_TOO_SHORT);
        return false;
    }

    private void take(HttpClientRequest request, HttpClientResponse response) {
        answering = true;
        String contentType = response.getHeader("Content-Type");
        // The REST client reads the answer too, and would stumble over a type that is none.
        response.headers().remove("Content-Type");
        int[] received = {0};
        response.handler(chunk -> {
            received[0] += chunk.length();
            if (received[0] > LimitedBody.LARGEST) {
                giveUp(request, RESPONSE_TOO_LARGE);
            }
        });
        response.body()
                .onSuccess(body -> answered(response, contentType, body))
                .onFailure(failure -> lost(CONNECTION_LOST));
    }

    private void answered(HttpClientResponse response, @Nullable String contentType, Buffer received) {
        byte[] body = LimitedBody.read(response.getHeader("Content-Encoding"), received.getBytes());
        if (body == null) {
            lost(RESPONSE_TOO_LARGE);
            return;
        }
        Duration retryAfter = RetryAfter.of(response.statusCode(), response::getHeader);
        Instant date = RetryAfter.date(response.getHeader("Date"));
        answer.complete(
                new HttpResult.Response(response.statusCode(), contentType, date, retryAfter, body, startedNanos));
    }

    private void giveUp(HttpClientRequest request, String code) {
        if (lost(code)) {
            request.reset();
        }
    }

    private boolean lost(String code) {
        return answer.complete(new HttpResult.Lost(code, startedNanos));
    }

    private void notSent(Fate before, String code) {
        if (fate.compareAndSet(before, Fate.NOT_SENT)) {
            answer.complete(new HttpResult.NotSent(code, ticker.nanos()));
        }
    }

    /** No connection within the time that a whole request may take. */
    void notConnected() {
        notSent(Fate.OPEN, ConnectFailure.CONNECT_FAILED);
    }

    /** Before the first byte nothing can have been spent; after it anything can. */
    void failed(Throwable failure) {
        notSent(Fate.OPEN, ConnectFailure.code(failure));
        if (fate.get() == Fate.SENT && !answering) {
            lost(CONNECTION_LOST);
        }
    }
}
