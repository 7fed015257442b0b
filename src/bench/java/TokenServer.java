import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A token endpoint that answers everything with new tokens, after as long as it is told to take. */
final class TokenServer implements AutoCloseable {

    private static final Duration AWAITED_FOR = Duration.ofMinutes(1);

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final AtomicLong answered = new AtomicLong();
    private final String padding;
    private volatile long delayMillis;

    TokenServer() throws Exception {
        padding = new Tokens().access();
        server = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.actualPort() + "/token";
    }

    void takes(long millis) {
        delayMillis = millis;
    }

    long answered() {
        return answered.get();
    }

    /** Until it has answered so many since it began. */
    void await(long number) throws InterruptedException {
        long start = System.nanoTime();
        while (answered() < number) {
            if (System.nanoTime() - start > AWAITED_FOR.toNanos()) {
                throw new IllegalStateException(number - answered() + " sessions are not refreshed");
            }
            Thread.sleep(1);
        }
    }

    private void answer(HttpServerRequest request) {
        request.body().onSuccess(form -> {
            if (delayMillis == 0) {
                answerNow(request);
            } else {
                vertx.setTimer(delayMillis, due -> answerNow(request));
            }
        });
    }

    private void answerNow(HttpServerRequest request) {
        String number = "%016d".formatted(answered.incrementAndGet());
        request.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end("""
                        {"access_token":"%s%s","token_type":"Bearer","expires_in":86400,"refresh_token":"%s%s"}""".formatted(
                                number,
                                padding.substring(number.length()),
                                number,
                                padding.substring(0, Tokens.REFRESH_LENGTH - number.length())));
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
