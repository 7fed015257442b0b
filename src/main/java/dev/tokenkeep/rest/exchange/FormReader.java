package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemType;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Reads forms without a thread that waits for them: a caller by {@code client_assertion} is not known before its form is
 * read, and whoever sends it slowly must cost nobody else anything.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class FormReader {

    private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(5);
    /** The maximum of all forms together that arrive, or wait for keys. */
    private static final long MAX_BYTES = 32 * 1024 * 1024;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final long LINGER_MILLIS = 500;

    /** Those who are known by their header do not share with everybody. */
    private final AtomicLong ofCallers = new AtomicLong();

    private final AtomicLong ofOthers = new AtomicLong();

    /**
     * Reads the form and does {@code next}. Until that is done, the form counts. Call it on the event loop, before the body
     * is read. Fails with a problem or an {@link ExchangeError}.
     *
     * @param sender by the header
     */
    <T> CompletionStage<T> read(
            RoutingContext call, SecurityIdentity sender, Function<ExchangeForm, CompletionStage<T>> next) {
        AtomicLong bytes = sender.isAnonymous() ? ofOthers : ofCallers;
        var form = new CompletableFuture<ExchangeForm>();
        Buffer body = Buffer.buffer();
        long late = call.vertx().setTimer(ARRIVES_WITHIN.toMillis(), timer -> incomplete(form));
        form.whenComplete((done, failure) -> {
            call.vertx().cancelTimer(late);
            if (failure != null) {
                call.addEndHandler(ended -> close(call));
            }
        });
        HttpServerRequest request = call.request();
        request.handler(part -> {
            if (!form.isDone()) {
                add(part, body, bytes, form);
            }
        });
        request.exceptionHandler(failure -> incomplete(form));
        request.endHandler(end -> complete(form, body));
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            call.response().writeContinue();
        }
        request.resume();
        return form.thenCompose(next).whenComplete((done, failure) -> bytes.addAndGet(-body.length()));
    }

    private static void add(Buffer part, Buffer body, AtomicLong bytes, CompletableFuture<ExchangeForm> form) {
        if (body.length() + part.length() > Problem.MAX_BODY) {
            form.completeExceptionally(ProblemMapper.bodyTooLarge().thrown());
        } else if (bytes.get() + part.length() > MAX_BYTES) {
            form.completeExceptionally(Problem.of(ProblemType.TOO_MANY_REQUESTS, "Too many forms arrive at once")
                    .retryAfter(RETRY_AFTER)
                    .thrown());
        } else {
            body.appendBuffer(part);
            bytes.addAndGet(part.length());
        }
    }

    private static void complete(CompletableFuture<ExchangeForm> form, Buffer body) {
        if (form.isDone()) {
            return;
        }
        try {
            form.complete(ExchangeForm.of(body.getBytes()));
        } catch (RuntimeException e) {
            form.completeExceptionally(e);
        }
    }

    /** The rest of the body may still come. It is thrown away for a moment, so that the client sees the response. */
    private static void close(RoutingContext call) {
        if (!call.request().isEnded()) {
            boolean shared = call.request().version() == HttpVersion.HTTP_2;
            call.vertx().setTimer(LINGER_MILLIS, timer -> {
                if (shared) {
                    // Others have streams of the same connection.
                    call.response().reset();
                } else {
                    call.request().connection().close();
                }
            });
        }
    }

    private static void incomplete(CompletableFuture<ExchangeForm> form) {
        form.completeExceptionally(ExchangeError.of(
                ExchangeError.INVALID_REQUEST,
                Problem.invalid("body", "body: is incomplete, or did not arrive in time.")
                        .header("Connection", "close")));
    }
}
