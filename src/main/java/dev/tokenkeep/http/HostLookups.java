package dev.tokenkeep.http;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Resolves host names on threads of its own, because a name server that does not answer blocks for many seconds. There is
 * one lookup at a time for each name, so that one such server does not take all threads.
 */
@Singleton
class HostLookups {

    private static final int THREADS = 16;
    private static final long IDLE_SECONDS = 30;

    /** Looks a name up. Blocks. */
    interface Resolver {

        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final Map<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();
    private final ExecutorService threads;

    HostLookups() {
        this(InetAddress::getAllByName);
    }

    HostLookups(Resolver resolver) {
        this.resolver = resolver;
        var pool = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    var thread = new Thread(task, "tokenkeep-lookup");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /** Returns all addresses of this name, or fails with an {@link UnknownHostException}. Never blocks. */
    CompletionStage<List<InetAddress>> of(String host) {
        return underWay.computeIfAbsent(host, name -> {
            var addresses = new CompletableFuture<List<InetAddress>>();
            threads.execute(() -> {
                try {
                    List<InetAddress> found = List.of(resolver.addresses(name));
                    underWay.remove(name);
                    addresses.complete(found);
                } catch (UnknownHostException | RuntimeException e) {
                    underWay.remove(name);
                    addresses.completeExceptionally(e);
                }
            });
            return addresses;
        });
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }
}
