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
 * One HTTP request and its response. Records whether any byte was written, enforces the hard cap and the size limit of
 * the response, and completes exactly once. The response's Content-Type decides nothing here: the body is returned as
 * bytes.
 */
final class HttpExchange {

    static final String CONNECTION_LOST = "connection_lost";
    static final String TIMEOUT = "timeout";
    static final String RESPONSE_TOO_LARGE = "response_too_large";

    private static final long ANSWER_FIRST_MILLIS = 50;

    /**
     * A request that was given up is never written. A request that has started to leave is never reported as not sent.
     */
    private enum Fate {
        OPEN,
        SENT,
        NOT_SENT
    }

    private final Vertx vertx;
    private final Ticker ticker;
    private final @Nullable Lease lease;
    private final Duration hardCap;
    private final @Nullable PublicAddresses addresses;
    private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.OPEN);
    private final CompletableFuture<HttpResult> answer = new CompletableFuture<>();

    private volatile boolean answering;
    private volatile long startedNanos;

    /**
     * @param lease null if the request needs none
     * @param addresses null if it may go to any address
     */
    HttpExchange(
            Vertx vertx, Ticker ticker, @Nullable Lease lease, Duration hardCap, @Nullable PublicAddresses addresses) {
        this.vertx = vertx;
        this.ticker = ticker;
        this.lease = lease;
        this.hardCap = hardCap;
        this.addresses = addresses;
        this.startedNanos = ticker.nanos();
    }

    CompletableFuture<HttpResult> answer() {
        return answer;
    }

    /**
     * Runs when the request has a connection and nothing is written yet. A request that is reset here writes nothing.
     *
     * @param lastLook the lease check of this connection
     */
    void beforeFirstByte(HttpClientRequest request, LeaseCheckHandler lastLook) {
        // Without these handlers Vert.x logs the failure, which may contain part of a response.
        request.exceptionHandler(failure -> {});
        request.connection().exceptionHandler(failure -> {});
        startedNanos = ticker.nanos();
        if (leaseOver(startedNanos)) {
            notSent(Fate.OPEN, NotSent.LEASE_TOO_SHORT);
        }
        // The address of this very connection: the name may have been resolved to another one before.
        if (addresses != null && !addresses.allow(request.connection().remoteAddress())) {
            notAllowed();
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
                // After a suspended process resumes, the response and the timer are both ready. The response must be
                // handled first.
                id -> vertx.setTimer(ANSWER_FIRST_MILLIS, over -> giveUp(request, TIMEOUT)));
        answer.whenComplete((done, never) -> vertx.cancelTimer(timer));
        request.response().onSuccess(response -> take(request, response));
    }

    private boolean leaseOver(long nowNanos) {
        return lease != null && lease.remaining(nowNanos).isNegative();
    }

    /** Returns whether the first bytes may still leave. If not, nothing of the request has reached the server. */
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
        // The REST client also reads the response and would fail on an invalid media type.
        response.headers().remove("Content-Type");
        int[] received = {0};
        response.handler(chunk -> {
            received[0] += chunk.length();
            if (received[0] > LimitedBody.MAX_BYTES) {
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
        answer.complete(new HttpResult.Response(
                response.statusCode(),
                contentType,
                date,
                retryAfter,
                response.getHeader("DPoP-Nonce"),
                body,
                startedNanos));
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

    /**
     * Goes on once it is known where the destination leads.
     *
     * @param allowed whether a request may go there; null if that is not known
     * @param failure why it is not known; null if it is
     */
    void looked(@Nullable Boolean allowed, @Nullable Throwable failure, Runnable begin) {
        if (failure != null) {
            failed(failure);
        } else if (Boolean.TRUE.equals(allowed)) {
            begin.run();
        } else {
            notAllowed();
        }
    }

    private void notAllowed() {
        notSent(Fate.OPEN, ConnectFailure.ADDRESS_NOT_ALLOWED);
    }

    /** Reports that there was no connection within the time limit for connecting. */
    void notConnected() {
        notSent(Fate.OPEN, ConnectFailure.CONNECT_FAILED);
    }

    /** Reports a failure. Before the first byte the refresh token cannot be spent; after it, it may be. */
    void failed(Throwable failure) {
        notSent(Fate.OPEN, ConnectFailure.code(failure));
        if (fate.get() == Fate.SENT && !answering) {
            lost(CONNECTION_LOST);
        }
    }
}
