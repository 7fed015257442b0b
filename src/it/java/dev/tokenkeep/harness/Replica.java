package dev.tokenkeep.harness;

import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.CallerKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** One place for a replica: process after process of the packaged application, each by a name of its own. */
final class Replica implements AutoCloseable {

    private static final List<String> OPTIONS = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final int MOST_STARTS = 10;

    private final int number;
    private final Map<String, String> environment;
    private final List<Outage> outages = new CopyOnWriteArrayList<>();
    private int processes;
    private volatile String name = "";
    private volatile PackagedApplication application;
    private volatile boolean serving;

    Replica(int number, Map<String, String> environment) {
        this.number = number;
        this.environment = environment;
        this.application = launched();
    }

    private PackagedApplication launched() {
        processes++;
        name = "r" + number + "-" + processes;
        var options = new ArrayList<>(OPTIONS);
        for (Mode mode : Mode.values()) {
            options.add("-Dtokenkeep.registrations." + mode.registration() + ".headers.x-replica=" + name);
        }
        options.add("-Dquarkus.datasource.tokenkeep.jdbc.additional-jdbc-properties.ApplicationName=" + name);
        return PackagedApplication.launch(environment, options, () -> CallerKeys.token("sub-it"));
    }

    void awaitReady() {
        application.awaitReady();
        serving = true;
    }

    /** As whatever runs it would: a process that finds no database is started again. */
    private void startAgain() {
        for (int tries = 1; ; tries++) {
            application = launched();
            try {
                awaitReady();
                return;
            } catch (IllegalStateException e) {
                if (application.isAlive() || tries == MOST_STARTS) {
                    throw e;
                }
            }
        }
    }

    boolean serving() {
        return serving;
    }

    PackagedApplication application() {
        return application;
    }

    List<Outage> outages() {
        return outages;
    }

    /** SIGKILL, and a new process in its place. */
    void kill() {
        serving = false;
        long from = System.currentTimeMillis();
        application.kill();
        outages.add(Outage.kill(name, from));
        startAgain();
    }

    /** SIGTERM, which excuses nothing, and a new process in its place. */
    void terminate() {
        serving = false;
        application.terminate();
        application.awaitExit();
        startAgain();
    }

    /** SIGSTOP, and on it goes. */
    void stop(Duration time) {
        serving = false;
        long from = System.currentTimeMillis();
        application.stop();
        pause(time);
        application.goOn();
        outages.add(Outage.stop(name, from, System.currentTimeMillis()));
        serving = true;
    }

    /** The fault itself, not a wait for something. */
    static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        application.close();
    }
}
