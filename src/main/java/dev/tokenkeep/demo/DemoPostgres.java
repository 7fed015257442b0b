package dev.tokenkeep.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL server for this process that keeps its data. It is started once and reused by every live reload. */
final class DemoPostgres {

    private static final String URL = "tokenkeep.demo.jdbc-url";
    private static final int MILLISECONDS_TO_CONNECT = 500;
    private static final int SECONDS_TO_END = 10;

    private DemoPostgres() {}

    static synchronized String jdbcUrl() {
        // Every live reload loads this class again, but the process has only one server.
        String known = System.getProperty(URL);
        if (known == null) {
            known = leftRunning().orElseGet(DemoPostgres::start);
            System.setProperty(URL, known);
        }
        return known;
    }

    private static String start() {
        try {
            Files.createDirectories(DemoDirectory.path());
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(data())
                    .setCleanDataDirectory(false)
                    .setServerConfig("synchronous_commit", "on")
                    .start();
            return url(postgres.getPort());
        } catch (IOException e) {
            throw new UncheckedIOException("The demo's PostgreSQL does not start in " + data(), e);
        }
    }

    /**
     * Finds a server that outlived its process, to use it again and stop it with this one. Cleans up after a dead one.
     */
    private static Optional<String> leftRunning() {
        Path pidFile = data().resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(pidFile);
            int port = Integer.parseInt(lines.get(3).strip());
            Optional<ProcessHandle> server = server(Long.parseLong(lines.get(0).strip()));
            if (server.isPresent() && listens(port)) {
                Runtime.getRuntime().addShutdownHook(new Thread(server.get()::destroy, "demo-postgres"));
                return Optional.of(url(port));
            }
            server.ifPresent(DemoPostgres::awaitEnd);
            Files.deleteIfExists(pidFile);
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    pidFile + " is from an earlier run and cannot be used; remove " + DemoDirectory.path(), e);
        }
    }

    /** Returns the process; empty if its ID belongs to another program now. */
    private static Optional<ProcessHandle> server(long pid) {
        return ProcessHandle.of(pid)
                .filter(process -> process.info().command().orElse("postgres").contains("postgres"));
    }

    /** Waits for a server that is about to end: two servers must not use the same data. */
    private static void awaitEnd(ProcessHandle server) {
        try {
            server.onExit().get(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("PostgreSQL with process id " + server.pid() + " does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MILLISECONDS_TO_CONNECT);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path data() {
        return DemoDirectory.path().resolve("postgres");
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }
}
