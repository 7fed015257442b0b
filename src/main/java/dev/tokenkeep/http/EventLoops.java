package dev.tokenkeep.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The event loops of requests. All requests to a destination have the same one: it owns the connections of its client, so
 * the thread that checks the lease just before the first byte also writes that byte. If another thread wrote it, the byte
 * could wait there, or in a suspended process, until the lease is over.
 */
final class EventLoops {

    private static final int MOST = 16;

    private final List<Context> loops;
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private final AtomicInteger destinations = new AtomicInteger();

    EventLoops(Vertx vertx) {
        int number = Math.min(MOST, 2 * Runtime.getRuntime().availableProcessors());
        this.loops = Stream.generate(((VertxInternal) vertx)::createEventLoopContext)
                .limit(number)
                .map(Context.class::cast)
                .toList();
    }

    int number() {
        return loops.size();
    }

    int of(HttpDestination destination) {
        return numbers.computeIfAbsent(destination.name(), name -> destinations.getAndIncrement() % loops.size());
    }

    Context context(HttpDestination destination) {
        return loops.get(of(destination));
    }
}
