package dev.tokenkeep.replicas;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Callers that read one access token after the other through a balancer, and forgive nothing. */
final class BalancedReaders implements AutoCloseable {

    private static final int THREADS = 4;

    private final Balancer balancer;
    private final List<String> sessions;
    private final Supplier<String> token;
    private final Duration apart;
    private final AtomicLong read = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Callers callers;

    /** @param apart what each of them lets pass between two reads; zero if they take what the machine gives */
    BalancedReaders(Balancer balancer, List<String> sessions, Supplier<String> token, Duration apart) {
        this.balancer = balancer;
        this.sessions = sessions;
        this.token = token;
        this.apart = apart;
        this.callers = new Callers(THREADS, this::readOne);
    }

    private void readOne() {
        String session = sessions.get(ThreadLocalRandom.current().nextInt(sessions.size()));
        try {
            var answer = balancer.get("/v1/sessions/" + session + "/access-token", token.get());
            if (answer.statusCode() != 200) {
                failures.add(answer.statusCode() + " " + answer.body());
            }
        } catch (Exception e) {
            failures.add(e.toString());
        }
        read.incrementAndGet();
        LockSupport.parkNanos(apart.toNanos());
    }

    long read() {
        return read.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        callers.close();
    }
}
