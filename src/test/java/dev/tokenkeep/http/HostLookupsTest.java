package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HostLookupsTest {

    @Test
    @DisplayName("L5: a name server that does not answer keeps one thread, and no other name waiting")
    void aNameThatTakesLongKeepsNoOtherWaiting() throws Exception {
        var released = new CountDownLatch(1);
        var asked = new AtomicInteger();
        InetAddress address = InetAddress.getByName("1.1.1.1");
        var lookups = new HostLookups(host -> {
            if (host.equals("slow.example")) {
                asked.incrementAndGet();
                await(released);
            }
            return new InetAddress[] {address};
        });
        var slow = new CompletableFuture<?>[100];
        for (int i = 0; i < slow.length; i++) {
            slow[i] = lookups.of("slow.example").toCompletableFuture();
        }
        assertThat(lookups.of("fast.example").toCompletableFuture().get(10, TimeUnit.SECONDS))
                .containsExactly(address);
        assertThat(CompletableFuture.anyOf(slow)).isNotDone();
        released.countDown();
        CompletableFuture.allOf(slow).get(10, TimeUnit.SECONDS);
        assertThat(asked).hasValue(1);
        lookups.of("slow.example").toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(asked).hasValue(2);
        lookups.close();
    }

    @Test
    @DisplayName("L5: a domain whose name servers do not answer keeps few threads, however many names it has")
    void aDomainThatTakesLongKeepsNoOtherWaiting() throws Exception {
        var released = new CountDownLatch(1);
        var atOnce = new AtomicInteger();
        var most = new AtomicInteger();
        InetAddress address = InetAddress.getByName("1.1.1.1");
        var lookups = new HostLookups(host -> {
            if (host.endsWith("slow.example")) {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                await(released);
                atOnce.decrementAndGet();
            }
            return new InetAddress[] {address};
        });
        var slow = new CompletableFuture<?>[200];
        for (int i = 0; i < slow.length; i++) {
            slow[i] = lookups.of("a" + i + ".slow.example").toCompletableFuture();
        }
        assertThat(lookups.of("as.fast.example").toCompletableFuture().get(10, TimeUnit.SECONDS))
                .containsExactly(address);
        released.countDown();
        CompletableFuture.allOf(slow).get(10, TimeUnit.SECONDS);
        assertThat(most.get()).isLessThanOrEqualTo(4);
        lookups.close();
    }

    @Test
    void aNameThatIsNotKnownFails() {
        var lookups = new HostLookups(host -> {
            throw new UnknownHostException(host);
        });
        assertThatThrownBy(() -> lookups.of("as.example").toCompletableFuture().join())
                .hasRootCauseInstanceOf(UnknownHostException.class);
        lookups.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
