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
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
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
    private static final HttpDestination CHOSEN = new HttpDestination("chosen", null, null, Map.of(), 32, true);
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
        var sender = new HttpSender(vertx, noting, tls, proxies, TestAddresses.and(), Traces.off());
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

    /** Its own name, which says nothing of where it leads: to the loopback address here. */
    private static URI named(ScriptedAuthorizationServer server) {
        try {
            InetAddress self = InetAddress.getByName(InetAddress.getLocalHost().getHostName());
            Assumptions.assumeTrue(self.isLoopbackAddress(), "this machine's name is not at its loopback address");
            return URI.create("http://" + InetAddress.getLocalHost().getHostName() + ":"
                    + server.tokenEndpoint().getPort() + "/token");
        } catch (UnknownHostException e) {
            return Assumptions.abort("this machine's name is not known");
        }
    }

    @Test
    @DisplayName("J22, K13: where another than the operator chose the address, names that lead inside are refused")
    void sendsNothingToANameThatLeadsInside() throws UnknownHostException {
        InetAddress outside = InetAddress.getByName("1.1.1.1");
        InetAddress inside = InetAddress.getByName("10.0.0.5");
        for (var addresses :
                List.of(TestAddresses.withEveryNameAt(inside), TestAddresses.withEveryNameAt(outside, inside))) {
            var sender = new HttpSender(vertx, ticker, tls, proxies, addresses, Traces.off());
            assertThat(posted(sender, CHOSEN, URI.create("https://as.example/token"))
                            .toCompletableFuture()
                            .join())
                    .isInstanceOfSatisfying(
                            HttpResult.NotSent.class,
                            answer -> assertThat(answer.code()).isEqualTo("address_not_allowed"));
            sender.close();
        }
    }

    @Test
    void aNameThatIsNotKnownIsToldAsThat() {
        var sender = new HttpSender(vertx, ticker, tls, proxies, TestAddresses.knowingNoName(), Traces.off());
        assertThat(posted(sender, CHOSEN, URI.create("https://as.invalid/token"))
                        .toCompletableFuture()
                        .join())
                .isInstanceOfSatisfying(
                        HttpResult.NotSent.class,
                        answer -> assertThat(answer.code()).isEqualTo("unknown_host"));
        sender.close();
    }

    @Test
    @DisplayName("J22: a name that leads elsewhere by the time of the connection is refused on the connection itself")
    void sendsNothingThroughAConnectionThatLeadsInside() throws UnknownHostException {
        var addresses = TestAddresses.withEveryNameAt(InetAddress.getByName("1.1.1.1"));
        var sender = new HttpSender(vertx, ticker, tls, proxies, addresses, Traces.off());
        try (var server = ScriptedAuthorizationServer.start(RotationMode.NONE, Duration.ofMinutes(1))) {
            URI byName = named(server);
            // What is kept open of the operator's own requests is no way around it.
            assertThat(posted(sender, DESTINATION, byName).toCompletableFuture().join())
                    .isInstanceOf(HttpResult.Response.class);
            assertThat(posted(sender, CHOSEN, byName).toCompletableFuture().join())
                    .isInstanceOfSatisfying(
                            HttpResult.NotSent.class,
                            answer -> assertThat(answer.code()).isEqualTo("address_not_allowed"));
            assertThat(server.ledger().tokenRequests()).isEqualTo(1);
        } finally {
            sender.close();
        }
    }

    @Test
    void sendsToWhatTheOperatorAllows() {
        var sender = new HttpSender(vertx, ticker, tls, proxies, TestAddresses.and("127.0.0.0/8"), Traces.off());
        try (var server = ScriptedAuthorizationServer.start(RotationMode.NONE, Duration.ofMinutes(1))) {
            assertThat(posted(sender, CHOSEN, named(server))
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(HttpResult.Response.class);
        } finally {
            sender.close();
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
        var sender = new HttpSender(vertx, stoppedAfterItsFirstLook, tls, proxies, TestAddresses.and(), Traces.off());
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
