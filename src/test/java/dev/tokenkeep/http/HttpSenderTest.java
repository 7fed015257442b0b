package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.telemetry.Traces;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a request leaves, and on which thread that is decided. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class HttpSenderTest {

    private static final int CALLERS = 8;
    private static final Duration HARD_CAP = Duration.ofSeconds(5);
    private static final HttpDestination DESTINATION = new HttpDestination("test", null, null, Map.of(), 32, false);

    @Inject
    Ticker ticker;

    @Inject
    Vertx vertx;

    @Inject
    OutboundTls tls;

    @Inject
    OutboundProxies proxies;

    /** Handed to another thread, the first byte could wait there until the lease is over. */
    @Test
    @DisplayName("D: the lease is looked at on the thread of the destination's connections")
    void looksAtTheLeaseOnOneThreadForAllRequestsOfADestination() {
        var threads = ConcurrentHashMap.<String>newKeySet();
        Ticker noting = () -> {
            threads.add(Thread.currentThread().getName());
            return ticker.nanos();
        };
        var sender = new HttpSender(vertx, noting, tls, proxies, PublicAddresses.and(), Traces.off());
        var callers = Executors.newFixedThreadPool(CALLERS);
        try (var server = ScriptedAuthorizationServer.start(RotationMode.NONE, Duration.ofMinutes(1))) {
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> posted(sender, server), callers)
                            .thenCompose(answer -> answer))
                    .limit(10 * CALLERS)
                    .toList()
                    .forEach(answer -> assertThat(answer.join()).isInstanceOf(HttpResult.Response.class));
            assertThat(threads)
                    .filteredOn(name -> name.startsWith("vert.x-eventloop"))
                    .hasSize(1);
        } finally {
            callers.shutdownNow();
            sender.close();
        }
    }

    @Test
    @DisplayName("J22, K13: where another than the operator chose the address, it is checked on the connection itself")
    void sendsNothingToAnAddressThatIsNotPublic() {
        var chosen = new HttpDestination("chosen", null, null, Map.of(), 32, true);
        var closed = new HttpSender(vertx, ticker, tls, proxies, PublicAddresses.and(), Traces.off());
        var open = new HttpSender(vertx, ticker, tls, proxies, PublicAddresses.and("127.0.0.0/8"), Traces.off());
        try (var server = ScriptedAuthorizationServer.start(RotationMode.NONE, Duration.ofMinutes(1))) {
            // The name says nothing of where it leads.
            URI byName = URI.create("http://localhost:" + server.tokenEndpoint().getPort() + "/token");
            HttpResult refused =
                    posted(closed, chosen, byName).toCompletableFuture().join();
            assertThat(refused)
                    .isInstanceOfSatisfying(
                            HttpResult.NotSent.class,
                            answer -> assertThat(answer.code()).isEqualTo("address_not_allowed"));
            assertThat(server.ledger().tokenRequests()).isZero();
            // What is kept open of the operator's own requests is no way around it.
            assertThat(posted(closed, DESTINATION, byName).toCompletableFuture().join())
                    .isInstanceOf(HttpResult.Response.class);
            assertThat(posted(closed, chosen, byName).toCompletableFuture().join())
                    .isInstanceOf(HttpResult.NotSent.class);
            assertThat(posted(open, chosen, byName).toCompletableFuture().join())
                    .isInstanceOf(HttpResult.Response.class);
            assertThat(server.ledger().tokenRequests()).isEqualTo(2);
        } finally {
            closed.close();
            open.close();
        }
    }

    /** A process that is stopped there would send what another replica has spent since. */
    @Test
    @DisplayName("D: the lease is looked at again when the first bytes are about to leave")
    void sendsNothingIfTheLeaseRunsOutWhileTheRequestIsMade() {
        var looks = new AtomicInteger();
        Ticker stoppedAfterItsFirstLook = () -> {
            boolean there = Thread.currentThread().getName().startsWith("vert.x-eventloop");
            return ticker.nanos() + (there && looks.incrementAndGet() == 2 ? 3 * HARD_CAP.toNanos() : 0);
        };
        var sender = new HttpSender(vertx, stoppedAfterItsFirstLook, tls, proxies, PublicAddresses.and(), Traces.off());
        try (var server = ScriptedAuthorizationServer.start(RotationMode.NONE, Duration.ofMinutes(1))) {
            assertThat(posted(sender, server).toCompletableFuture().join())
                    .isInstanceOfSatisfying(
                            HttpResult.NotSent.class,
                            answer -> assertThat(answer.code()).isEqualTo("lease_too_short"));
            assertThat(posted(sender, server).toCompletableFuture().join()).isInstanceOf(HttpResult.Response.class);
            assertThat(server.ledger().tokenRequests()).isEqualTo(1);
        } finally {
            sender.close();
        }
    }

    private CompletionStage<HttpResult> posted(HttpSender sender, ScriptedAuthorizationServer server) {
        return posted(sender, DESTINATION, server.tokenEndpoint());
    }

    private CompletionStage<HttpResult> posted(HttpSender sender, HttpDestination destination, URI address) {
        return sender.post(
                destination,
                address,
                Map.of(),
                RequestBody.of(RequestFormat.FORM, Map.of()),
                new Lease(Deadline.after(ticker.nanos(), HARD_CAP.multipliedBy(2))),
                HARD_CAP);
    }
}
