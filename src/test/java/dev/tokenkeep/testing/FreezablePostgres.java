package dev.tokenkeep.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL of its own that can be stopped by a signal, as a stalled disk stops it: connections stay, nothing is answered. */
public final class FreezablePostgres implements AutoCloseable {

    private final Path folder;
    private final EmbeddedPostgres server;

    private FreezablePostgres(Path folder, EmbeddedPostgres server) {
        this.folder = folder;
        this.server = server;
    }

    public static FreezablePostgres start() {
        try {
            Path folder = Files.createTempDirectory("tokenkeep-postgres");
            return new FreezablePostgres(
                    folder,
                    EmbeddedPostgres.builder()
                            .setDataDirectory(folder)
                            .setServerConfig("max_connections", "200")
                            .setServerConfig("synchronous_commit", "on")
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public TestDatabase database() {
        return new TestDatabase(server.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
    }

    /** From the next reload on, by everybody. */
    public void requirePasswords() throws IOException {
        Files.writeString(
                folder.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\nlocal all all trust\n");
    }

    public void freeze() {
        signal("STOP");
    }

    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(
                            Files.readAllLines(folder.resolve("postmaster.pid")).get(0)))
                    .orElseThrow();
            List<String> command = new ArrayList<>(List.of("kill", "-" + name));
            Stream.concat(Stream.of(postmaster), postmaster.descendants())
                    .map(process -> String.valueOf(process.pid()))
                    .forEach(command::add);
            // A connection that ends just now is no process any more.
            new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        thaw();
        server.close();
    }
}
