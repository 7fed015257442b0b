package dev.tokenkeep.replicas;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Threads that make one call after the other until they are closed. */
public final class Callers implements AutoCloseable {

    private final ExecutorService threads;
    private volatile boolean over;

    public Callers(int number, Runnable call) {
        threads = Executors.newFixedThreadPool(number);
        for (int i = 0; i < number; i++) {
            threads.execute(() -> {
                while (!over) {
                    call.run();
                }
            });
        }
    }

    @Override
    public void close() {
        over = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("A caller does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
