package dev.tokenkeep.degradation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.replicas.Callers;
import dev.tokenkeep.replicas.PackagedApplication;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Callers that read the tokens of sessions that are well, all the time, and note what they did not get. */
final class GoodReaders implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int THREADS = 4;
    private static final long PAUSE_NANOS = 15_000_000;

    /** Reads of one scenario. */
    static final class Count {
        final AtomicInteger reads = new AtomicInteger();
        /** Refused while the token that was told last was to live for another second. */
        final AtomicInteger withheld = new AtomicInteger();
        /** No token at all. */
        final AtomicInteger unserved = new AtomicInteger();
        /** Tokens beyond their expiry. */
        final AtomicInteger expired = new AtomicInteger();
    }

    private record Target(String scenario, String id) {}

    private final Supplier<List<PackagedApplication>> replicas;
    private final List<Target> targets;
    private final Random random;
    private final Map<String, Long> told = new ConcurrentHashMap<>();
    private final Map<String, Count> counts = new ConcurrentHashMap<>();
    private final Callers callers;

    GoodReaders(List<Scenario> scenarios, Supplier<List<PackagedApplication>> replicas, long seed) {
        this.replicas = replicas;
        this.random = new Random(seed);
        this.targets = scenarios.stream()
                .flatMap(scenario -> scenario.sessions.stream()
                        .filter(session -> !session.bad())
                        .map(session -> new Target(scenario.registration, session.id())))
                .toList();
        scenarios.forEach(scenario -> counts.put(scenario.registration, new Count()));
        this.callers = new Callers(THREADS, this::read);
    }

    Count of(Scenario scenario) {
        return counts.get(scenario.registration);
    }

    private void read() {
        LockSupport.parkNanos(PAUSE_NANOS);
        Target target;
        PackagedApplication replica;
        synchronized (random) {
            target = targets.get(random.nextInt(targets.size()));
            List<PackagedApplication> serving = replicas.get();
            replica = serving.get(random.nextInt(serving.size()));
        }
        read(target, replica);
    }

    private void read(Target target, PackagedApplication replica) {
        Count count = counts.get(target.scenario());
        long asked = System.currentTimeMillis();
        Long end = told.get(target.id());
        try {
            HttpResponse<String> answer = replica.accessToken(target.id());
            count.reads.incrementAndGet();
            JsonNode body = JSON.readTree(answer.body());
            if (answer.statusCode() == 200) {
                String token = body.get("access_token").textValue();
                if (Long.parseLong(token.substring(token.lastIndexOf('-') + 1)) < asked) {
                    count.expired.incrementAndGet();
                }
                told.put(target.id(), asked + body.get("expires_in").longValue() * 1_000);
            } else if (end != null && end > System.currentTimeMillis() + 1_000) {
                count.withheld.incrementAndGet();
            } else {
                count.unserved.incrementAndGet();
            }
        } catch (IOException | RuntimeException e) {
            // Its replica was killed just now: another one answers the next read.
            told.remove(target.id());
        }
    }

    @Override
    public void close() {
        callers.close();
    }
}
