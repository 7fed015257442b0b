package dev.tokenkeep.replicas;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One replica after the other, of those that were ready when they were asked last. */
final class RoundRobin implements Balancer {

    private static final int TRIES = 4;
    private static final long CHECK_MILLIS = 200;

    private final HttpClient http = Balancer.client();
    private final List<PackagedApplication> replicas;
    private final List<Boolean> ready;
    private final AtomicLong turn = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();
    private final ScheduledExecutorService checks = Executors.newSingleThreadScheduledExecutor();

    RoundRobin(List<PackagedApplication> replicas) {
        this.replicas = new CopyOnWriteArrayList<>(replicas);
        this.ready = new CopyOnWriteArrayList<>(
                replicas.stream().map(replica -> Boolean.TRUE).toList());
        checks.scheduleWithFixedDelay(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void check() {
        for (int place = 0; place < replicas.size(); place++) {
            ready.set(place, isReady(replicas.get(place)));
        }
    }

    private static boolean isReady(PackagedApplication replica) {
        try {
            return replica.isAlive() && replica.probe("/q/health/ready") == 200;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public HttpResponse<String> get(String path, String token) throws Exception {
        for (int tries = 1; ; tries++) {
            try {
                var answer = Balancer.get(http, next().url(path), token);
                if (answer.statusCode() != 503 || tries == TRIES) {
                    return answer;
                }
            } catch (IOException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
            retried.incrementAndGet();
        }
    }

    private PackagedApplication next() {
        int place = place();
        for (int i = 1; i < replicas.size() && !ready.get(place); i++) {
            place = place();
        }
        return replicas.get(place);
    }

    private int place() {
        return (int) (turn.getAndIncrement() % replicas.size());
    }

    @Override
    public void replaced(int place, PackagedApplication replica) {
        replicas.set(place, replica);
    }

    @Override
    public boolean uses(int place) {
        return ready.get(place);
    }

    @Override
    public long retried() {
        return retried.get();
    }

    @Override
    public void close() {
        checks.shutdownNow();
    }

    @Override
    public String toString() {
        return "a client that tries again";
    }
}
