package dev.tokenkeep.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** Injects a form's faults at random. Of three replicas one is left alone at any time: somebody has to take over. */
final class Faults {

    /** The default. */
    static final Duration LEASE = Duration.ofSeconds(8);

    private static final Duration THREE_LEASES = LEASE.multipliedBy(3);

    private final Form form;
    private final DatabaseFaults database;
    private final BlockingQueue<Replica> untouched;
    private final Random random;
    private final List<Throwable> broken = Collections.synchronizedList(new ArrayList<>());

    Faults(Form form, List<Replica> replicas, DatabaseFaults database, long seed) {
        this.form = form;
        this.database = database;
        this.untouched = new LinkedBlockingQueue<>(replicas);
        this.random = new Random(seed);
    }

    /** Injects all of them and comes back. */
    void inject() {
        Queue<Consumer<Replica>> processFaults = processFaults();
        var first = CompletableFuture.runAsync(() -> work(processFaults));
        var second = CompletableFuture.runAsync(() -> work(processFaults));
        var third = CompletableFuture.runAsync(this::databaseFaults);
        CompletableFuture.allOf(first, second, third).join();
        if (!broken.isEmpty()) {
            throw new IllegalStateException("The harness itself broke", broken.get(0));
        }
    }

    private Queue<Consumer<Replica>> processFaults() {
        var faults = new ArrayList<Consumer<Replica>>();
        for (int i = 0; i < form.kills(); i++) {
            faults.add(Replica::kill);
        }
        for (int i = 0; i < form.stops(); i++) {
            faults.add(replica -> replica.stop(THREE_LEASES));
        }
        for (int i = 0; i < form.terminations(); i++) {
            faults.add(Replica::terminate);
        }
        Collections.shuffle(faults, random);
        return new ConcurrentLinkedQueue<>(faults);
    }

    private void work(Queue<Consumer<Replica>> faults) {
        for (Consumer<Replica> fault = faults.poll(); fault != null; fault = faults.poll()) {
            try {
                Replica.pause(millis(200, 2_000));
                Replica replica = untouched.take();
                fault.accept(replica);
                untouched.add(replica);
            } catch (InterruptedException | RuntimeException e) {
                broken.add(e);
                return;
            }
        }
    }

    private void databaseFaults() {
        try {
            while (database.failedCommits() < form.failedCommits()
                    || database.cuts() < form.cuts()
                    || database.outages().size() < form.outages()) {
                Replica.pause(millis(200, 1_500));
                oneDatabaseFault();
            }
        } catch (RuntimeException e) {
            broken.add(e);
        }
    }

    private void oneDatabaseFault() {
        int dice = dice(40);
        if (dice == 0 && database.outages().size() < form.outages()) {
            database.away(millis(2_000, 3_000));
        } else if (dice % 2 == 0 && database.failedCommits() < form.failedCommits()) {
            database.failCommits(1 + dice(3));
        } else if (database.cuts() < form.cuts()) {
            database.cutConnection();
        } else if (database.failedCommits() >= form.failedCommits()) {
            database.away(millis(2_000, 3_000));
        }
    }

    private synchronized int dice(int sides) {
        return random.nextInt(sides);
    }

    private Duration millis(int least, int spread) {
        return Duration.ofMillis(least + dice(spread));
    }
}
