package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether a request is sent is decided once, whoever comes first. */
class HttpExchangeTest {

    private static final Duration HARD_CAP = Duration.ofSeconds(5);
    private static final HttpResult NOT_CONNECTED = new HttpResult.NotSent("connect_failed", 7);

    private final Vertx vertx = Vertx.vertx();
    private final List<String> calls = new ArrayList<>();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aRequestThatWasGivenUpIsNotWrittenWhenItsConnectionComesAfterAll() {
        var request = new HttpExchange(vertx, () -> 7, null, HARD_CAP, null);

        request.notConnected();
        request.beforeFirstByte(http(), new LeaseCheckHandler());

        assertThat(request.answer()).isCompletedWithValue(NOT_CONNECTED);
        assertThat(calls).contains("reset");
    }

    @Test
    void aRequestThatIsGivenUpWhileItsConnectionComesIsNotWritten() {
        var connecting = new AtomicReference<HttpExchange>();
        Ticker givesUp = () -> {
            HttpExchange request = connecting.getAndSet(null);
            if (request != null) {
                request.notConnected();
            }
            return 7;
        };
        var request = new HttpExchange(vertx, givesUp, null, HARD_CAP, null);
        connecting.set(request);

        request.beforeFirstByte(http(), new LeaseCheckHandler());

        assertThat(request.answer()).isCompletedWithValue(NOT_CONNECTED);
        assertThat(calls).contains("reset");
    }

    @Test
    void aRequestThatIsWrittenCanNotBeToldNotSentAnyMore() {
        var request = new HttpExchange(vertx, () -> 7, null, HARD_CAP, null);

        request.beforeFirstByte(http(), new LeaseCheckHandler());
        request.notConnected();
        assertThat(request.answer()).isNotDone();
        request.failed(new IOException("broken"));

        assertThat(request.answer()).isCompletedWithValue(new HttpResult.Lost("connection_lost", 7));
        assertThat(calls).doesNotContain("reset");
    }

    @Test
    void sendsUntilTheLeaseIsOverAndNotAfterIt() {
        var enough = new HttpExchange(vertx, () -> 7, new Lease(new Deadline(7)), HARD_CAP, null);
        enough.beforeFirstByte(http(), new LeaseCheckHandler());
        assertThat(enough.answer()).isNotDone();

        var over = new HttpExchange(vertx, () -> 8, new Lease(new Deadline(7)), HARD_CAP, null);
        over.beforeFirstByte(http(), new LeaseCheckHandler());
        assertThat(over.answer()).isCompletedWithValue(new HttpResult.NotSent("lease_too_short", 8));
    }

    @Test
    void itsLeaseKnowsWhetherAnAnswerIsAwaited() {
        var lease = new Lease(new Deadline(100));
        var request = new HttpExchange(vertx, () -> 7, lease, HARD_CAP, null);
        assertThat(lease.awaitsAnswerSince(50)).isFalse();

        request.beforeFirstByte(http(), new LeaseCheckHandler());
        assertThat(lease.awaitsAnswerSince(8)).isTrue();
        assertThat(lease.awaitsAnswerSince(7)).isFalse();

        request.failed(new IOException("broken"));
        assertThat(lease.awaitsAnswerSince(8)).isFalse();
    }

    /** A request that has its connection; notes what is done to it. */
    private HttpClientRequest http() {
        HttpConnection connection = proxy(HttpConnection.class);
        return (HttpClientRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpClientRequest.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return switch (method.getName()) {
                        case "connection" -> connection;
                        case "response" -> Future.future(never -> {});
                        case "reset" -> true;
                        default -> proxy;
                    };
                });
    }

    private static <T> T proxy(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> proxy));
    }
}
