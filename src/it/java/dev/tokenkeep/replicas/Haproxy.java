package dev.tokenkeep.replicas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.ForeignProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A real HAProxy. Replicas listen where they like and tell it, so that no port has to be kept free for any of them. */
final class Haproxy implements Balancer {

    private static final Path PROGRAM = Path.of(System.getProperty("tokenkeep.it.haproxy", "/usr/sbin/haproxy"));
    private static final int STARTS = 5;
    private static final String SETTINGS = """
            global
              stats socket %s level admin
            defaults
              mode http
              timeout connect 1s
              timeout check 5s
              timeout client 30s
              timeout server 30s
              retries 3
              option redispatch 1
              retry-on conn-failure empty-response 503
            frontend callers
              bind 127.0.0.1:%d
              default_backend replicas
            backend replicas
              balance roundrobin
              option httpchk GET /q/health/ready
              http-check expect status 200
              default-server check inter 200ms fall 1 rise 1
            """;

    private final HttpClient http = Balancer.client();
    private final Process process;
    private final Path socket;
    private final int port;

    private Haproxy(Process process, Path socket, int port) {
        this.process = process;
        this.socket = socket;
        this.port = port;
    }

    /** Null where there is none. */
    static Balancer before(List<PackagedApplication> replicas) {
        return Files.isExecutable(PROGRAM) ? start(replicas) : null;
    }

    /** HAProxy takes no port 0. One that somebody else has got meanwhile keeps it from starting: another one, then. */
    private static Balancer start(List<PackagedApplication> replicas) {
        try {
            for (int tries = 1; ; tries++) {
                Path directory = Files.createTempDirectory("haproxy");
                Path socket = directory.resolve("control");
                int port = ForeignProcess.freePort();
                Path settings = directory.resolve("haproxy.cfg");
                Files.writeString(settings, settings(socket, port, replicas));
                Process process = new ProcessBuilder(PROGRAM.toString(), "-db", "-f", settings.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("haproxy.log").toFile())
                        .start();
                var haproxy = new Haproxy(process, socket, port);
                if (haproxy.listens()) {
                    return haproxy;
                }
                if (tries == STARTS) {
                    throw new IllegalStateException(Files.readString(directory.resolve("haproxy.log")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String settings(Path socket, int port, List<PackagedApplication> replicas) {
        var settings = new StringBuilder(SETTINGS.formatted(socket, port));
        for (int place = 0; place < replicas.size(); place++) {
            PackagedApplication replica = replicas.get(place);
            settings.append("  server r%d 127.0.0.1:%d check port %d%n"
                    .formatted(place, replica.url("").getPort(), replica.managementPort()));
        }
        return settings.toString();
    }

    private boolean listens() {
        await().until(() -> !process.isAlive() || answers());
        return process.isAlive();
    }

    private boolean answers() {
        try {
            return !command("show info").isEmpty();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public HttpResponse<String> get(String path, String token) throws Exception {
        return Balancer.get(http, URI.create("http://127.0.0.1:" + port + path), token);
    }

    /** It is down for HAProxy until the check on its new port succeeds. */
    @Override
    public void replaced(int place, PackagedApplication replica) {
        try {
            command("set server replicas/r%d addr 127.0.0.1 port %d"
                    .formatted(place, replica.url("").getPort()));
            command("set server replicas/r%d check-port %d".formatted(place, replica.managementPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean uses(int place) {
        return statistic("r" + place, "status").equals("UP");
    }

    @Override
    public long retried() {
        return Long.parseLong(statistic("BACKEND", "wretr"));
    }

    private String statistic(String server, String name) {
        try {
            List<String> lines = command("show stat").lines().toList();
            int column = List.of(lines.get(0).split(",")).indexOf(name);
            return lines.stream()
                    .map(line -> line.split(","))
                    .filter(line -> line.length > column && line[1].equals(server))
                    .map(line -> line[column])
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String command(String command) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            try (Stream<Path> files = Files.list(socket.getParent())) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(socket.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "HAProxy";
    }
}
