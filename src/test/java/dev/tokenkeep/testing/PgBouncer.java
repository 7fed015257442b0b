package dev.tokenkeep.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real PgBouncer in transaction mode before a database, where one is installed. */
public final class PgBouncer implements AutoCloseable {

    private static final Pattern SERVER = Pattern.compile("(jdbc:postgresql://)([^:/]+):(\\d+)(/.*)");
    /** Few, so that clients get each other's connections. */
    private static final int CONNECTIONS = 4;

    private final ForeignProcess process;
    private final String jdbcUrl;

    private PgBouncer(ForeignProcess process, String jdbcUrl) {
        this.process = process;
        this.jdbcUrl = jdbcUrl;
    }

    public static Optional<Path> installed() {
        return ForeignProcess.installed("pgbouncer");
    }

    public static PgBouncer before(TestDatabase database) {
        Matcher server = SERVER.matcher(database.jdbcUrl());
        if (!server.matches()) {
            throw new IllegalStateException("Not the address of a database: " + database.jdbcUrl());
        }
        try {
            Path folder = Files.createTempDirectory(
                    "tokenkeep-pgbouncer",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            int port = ForeignProcess.freePort();
            Path settings = folder.resolve("pgbouncer.ini");
            Files.writeString(
                    settings, """
                    [databases]
                    * = host=%s port=%s user=%s
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = any
                    pool_mode = transaction
                    default_pool_size = %d
                    max_client_conn = 500
                    ignore_startup_parameters = extra_float_digits
                    """.formatted(server.group(2), server.group(3), database.user(), port, CONNECTIONS));
            var command =
                    new ArrayList<>(List.of(installed().orElseThrow().toString(), "--quiet", settings.toString()));
            if ("root".equals(System.getProperty("user.name"))) {
                command.addAll(1, List.of("--user", "nobody"));
            }
            return new PgBouncer(
                    ForeignProcess.start(command, folder.resolve("log"), port),
                    server.group(1) + "127.0.0.1:" + port + server.group(4));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String jdbcUrl() {
        return jdbcUrl;
    }

    @Override
    public void close() {
        process.close();
    }
}
