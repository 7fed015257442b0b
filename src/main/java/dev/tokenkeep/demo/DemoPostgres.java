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

/** A PostgreSQL for this process, its data kept: started once, found again by every reload. */
final class DemoPostgres {

    private static final String URL = "tokenkeep.demo.jdbc-url";

    private DemoPostgres() {}

    static synchronized String jdbcUrl() {
        // Every live reload loads this class anew, and the process has the one server.
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
            throw new UncheckedIOException("The demonstration's PostgreSQL does not start in " + data(), e);
        }
    }

    /** A server that outlived its process is used again; what a dead one left behind is cleared away. */
    private static Optional<String> leftRunning() {
        Path pidFile = data().resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(pidFile);
            int port = Integer.parseInt(lines.get(3).strip());
            if (listens(port)) {
                return Optional.of(url(port));
            }
            Files.delete(pidFile);
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "Something is left in " + pidFile + " that can't be read; remove " + DemoDirectory.path(), e);
        }
        return Optional.empty();
    }

    private static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
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
