package dev.tokenkeep.tokenendpoint;

import dev.tokenkeep.oauth.RefreshOutcome;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Ticker;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: knows whether a byte of it was written, keeps the hard cap and the cap on the answer's size, and
 * completes exactly once.
 */
final class WireRequest {

    static final int LARGEST_BODY = 1024 * 1024;

    private static final byte[] NOTHING = {};

    private final Vertx vertx;
    private final Ticker ticker;
    private final @Nullable Deadline leaseEnd;
    private final Duration hardCap;
    private final CompletableFuture<WireAnswer> answer = new CompletableFuture<>();

    private volatile boolean sent;
    private volatile long startedNanos;

    /** @param leaseEnd null if no lease has to outlive the request */
    WireRequest(Vertx vertx, Ticker ticker, @Nullable Deadline leaseEnd, Duration hardCap) {
        this.vertx = vertx;
        this.ticker = ticker;
        this.leaseEnd = leaseEnd;
        this.hardCap = hardCap;
        this.startedNanos = ticker.nanos();
    }

    CompletableFuture<WireAnswer> answer() {
        return answer;
    }

    /** A connection is there and nothing is written yet. A request that is reset here writes nothing. */
    void beforeFirstByte(HttpClientRequest request) {
        startedNanos = ticker.nanos();
        if (answer.isDone()) {
            request.reset();
            return;
        }
        if (leaseEnd != null && leaseEnd.remaining(startedNanos).compareTo(hardCap) < 0) {
            answer.complete(new WireAnswer.NotSent(RefreshOutcome.NotSent.LEASE_TOO_SHORT, startedNanos));
            request.reset();
            return;
        }
        sent = true;
        long timer = vertx.setTimer(Math.max(1, hardCap.toMillis()), id -> giveUp(request, "timeout"));
        answer.whenComplete((done, never) -> vertx.cancelTimer(timer));
        request.response().onSuccess(response -> {
            int[] received = {0};
            response.handler(chunk -> {
                received[0] += chunk.length();
                if (received[0] > LARGEST_BODY) {
                    giveUp(request, "response_too_large");
                }
            });
        });
    }

    private void giveUp(HttpClientRequest request, String code) {
        if (answer.complete(new WireAnswer.Lost(code, startedNanos))) {
            request.reset();
        }
    }

    /** No connection within the time that a whole request may take. */
    void notConnected() {
        if (!sent) {
            answer.complete(new WireAnswer.NotSent("connect_failed", ticker.nanos()));
        }
    }

    void answered(Response response) {
        byte[] body = response.hasEntity() ? response.readEntity(byte[].class) : null;
        answer.complete(new WireAnswer.Response(
                response.getStatus(),
                response.getHeaderString("Content-Type"),
                response.getHeaderString("Retry-After"),
                body == null ? NOTHING : body,
                startedNanos));
    }

    /** Before the first byte nothing can have been spent; after it anything can. */
    void failed(Throwable failure) {
        answer.complete(
                sent
                        ? new WireAnswer.Lost("connection_lost", startedNanos)
                        : new WireAnswer.NotSent("connect_failed", ticker.nanos()));
    }
}
