package dev.tokenkeep.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A real proxy, where one is installed, that passes everything on to {@link ConnectProxy}, which knows the tests' hosts. */
public final class Tinyproxy implements AutoCloseable {

    private final ForeignProcess process;
    private final int port;

    private Tinyproxy(ForeignProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    public static Optional<Path> installed() {
        return ForeignProcess.installed("tinyproxy");
    }

    public static Tinyproxy before(ConnectProxy next, String user, String password) {
        try {
            Path folder = Files.createTempDirectory("tokenkeep-tinyproxy");
            int port = ForeignProcess.freePort();
            Path settings = folder.resolve("tinyproxy.conf");
            Files.writeString(settings, """
                    Port %d
                    Listen 127.0.0.1
                    Timeout 60
                    MaxClients 50
                    BasicAuth %s %s
                    Upstream http %s
                    """.formatted(port, user, password, next.address()));
            var command = List.of(installed().orElseThrow().toString(), "-d", "-c", settings.toString());
            return new Tinyproxy(ForeignProcess.start(command, folder.resolve("log"), port), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.close();
    }
}
