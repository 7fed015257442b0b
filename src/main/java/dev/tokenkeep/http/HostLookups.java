package dev.tokenkeep.http;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Resolves host names on threads of its own, because a name server that does not answer blocks for many seconds. There is
 * one lookup at a time for each name, and there are few at a time for the names below one domain, so that one such server
 * does not take all threads.
 */
@Singleton
class HostLookups {

    private static final int THREADS = 32;
    private static final int OF_ONE_DOMAIN = 4;
    private static final long IDLE_SECONDS = 30;

    /** Looks a name up. Blocks. */
    interface Resolver {

        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final Map<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();
    /** The lookups of each domain that are under way, and those that wait for them, in order. */
    private final Map<String, Deque<Runnable>> domains = new HashMap<>();

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
        var mine = new CompletableFuture<List<InetAddress>>();
        CompletableFuture<List<InetAddress>> first = underWay.putIfAbsent(host, mine);
        if (first != null) {
            return first;
        }
        begin(domain(host), () -> look(host, mine));
        return mine;
    }

    /** Returns the name without its first part: names that differ only there have mostly the same name servers. */
    private static String domain(String host) {
        return host.substring(host.indexOf('.') + 1);
    }

    private void look(String host, CompletableFuture<List<InetAddress>> addresses) {
        List<InetAddress> found = List.of();
        Exception failure = null;
        try {
            found = List.of(resolver.addresses(host));
        } catch (UnknownHostException | RuntimeException e) {
            failure = e;
        }
        underWay.remove(host);
        if (failure == null) {
            addresses.complete(found);
        } else {
            addresses.completeExceptionally(failure);
        }
    }

    private synchronized void begin(String domain, Runnable lookup) {
        Deque<Runnable> waiting = domains.computeIfAbsent(domain, name -> new ArrayDeque<>());
        waiting.add(lookup);
        if (waiting.size() <= OF_ONE_DOMAIN) {
            threads.execute(() -> goOn(domain, lookup));
        }
    }

    /** Runs a lookup, and then the first one of its domain that has not begun. */
    private void goOn(String domain, Runnable lookup) {
        lookup.run();
        Runnable next = ended(domain, lookup);
        if (next != null) {
            threads.execute(() -> goOn(domain, next));
        }
    }

    private synchronized @Nullable Runnable ended(String domain, Runnable lookup) {
        Deque<Runnable> waiting = Objects.requireNonNull(domains.get(domain));
        // The first few have begun; the one after them is next.
        Runnable next = waiting.stream().skip(OF_ONE_DOMAIN).findFirst().orElse(null);
        waiting.remove(lookup);
        if (waiting.isEmpty()) {
            domains.remove(domain);
        }
        return next;
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }
}
