import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/**
 * How many sessions a second can be imported, beside PostgreSQL's own {@code COPY} of the same rows into a table with the same
 * indexes; and registered one by one, beside a bare Quarkus that inserts a row and commits ({@code src/bench/bare}). Run it by
 * {@code ./mvnw package -Pbench -Dbench=Imports -Dbench.arguments='[sessions a round] [rounds]'}.
 *
 * <p>All are on the same cores, as they come.
 */
public final class Imports {

    private static final List<String> OPTIONS = List.of("-Xmx512m", "-XX:+UseG1GC");
    private static final String IMPORTED = "imported/s";
    private static final String COPIED = "rows/s by COPY";
    private static final String REGISTERED = "registered/s, one by one";
    private static final String INSERTED = "bare inserts/s";
    private static final String READ_ALONE = "p99 of 500 reads/s, alone";
    private static final String READ_BESIDE = "p99 of 500 reads/s, beside an import";
    private static final int AT_ONCE = 16;
    private static final int FEW = 2000;
    private static final int READS = 500;
    private static final int LINES_A_CHUNK = 20;
    private static final int WARM_UP = 150_000;
    private static final int BESIDE_READS = 40_000;
    private static final Duration READING = Duration.ofSeconds(3);

    private final String access = new Tokens().access();
    private final String refresh = new Tokens().refresh();
    private final AtomicLong made = new AtomicLong();
    private final HttpClient client = HttpClient.newHttpClient();
    private final TestDatabase database;
    private final Rows rows;
    private final Server replica;
    private final Server bare;
    private final int sessions;
    private final Map<String, List<Double>> measured = new LinkedHashMap<>();

    private Imports(TestDatabase database, Server replica, Server bare, int sessions) {
        this.database = database;
        this.rows = new Rows(database);
        this.replica = replica;
        this.bare = bare;
        this.sessions = sessions;
    }

    public static void main(String[] arguments) throws Exception {
        int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        TestDatabase database = TestDatabase.create();
        try (Server replica = replica(database);
                Server bare = bare()) {
            var imports = new Imports(database, replica, bare, sessions);
            imports.rows.execute("create table bench_copy (like tokenkeep_session including all)");
            System.err.printf("%,d while it warms up: %,.0f/s%n", WARM_UP, imports.imported(WARM_UP));
            imports.round(0);
            imports.measured.clear();
            for (int round = 1; round <= rounds; round++) {
                imports.round(round);
            }
            System.out.println(imports.table());
        }
    }

    private static Server replica(TestDatabase database) throws Exception {
        var environment = new HashMap<>(PackagedApplication.environment(database, TestKeys.directory()));
        Tokens.registration(environment, "http://127.0.0.1:9/token");
        environment.put("TOKENKEEP_REFRESH_ENABLED", "false");
        return ready(new Server("tokenkeep", Server.JAVA, OPTIONS, Server.TOKENKEEP, environment));
    }

    private static Server bare() throws Exception {
        var environment = new HashMap<>(PackagedApplication.environment(TestDatabase.create(), TestKeys.directory()));
        environment.keySet().removeIf(name -> name.startsWith("TOKENKEEP_"));
        Path jar = Path.of("target", "bare", "quarkus-app", "quarkus-run.jar");
        return ready(new Server("bare", Server.JAVA, OPTIONS, jar, environment));
    }

    private static Server ready(Server server) throws Exception {
        server.awaitReady();
        return server;
    }

    private void round(int round) throws Exception {
        add(IMPORTED, imported(sessions));
        add(COPIED, copied());
        int few = Math.min(FEW, sessions / 10);
        if (round % 2 == 0) {
            add(REGISTERED, registered(few));
            add(INSERTED, inserted(few));
        } else {
            add(INSERTED, inserted(few));
            add(REGISTERED, registered(few));
        }
        reads();
        System.err.println("round " + round + ": " + measured);
    }

    private void add(String what, double sample) {
        measured.computeIfAbsent(what, none -> new ArrayList<>()).add(sample);
    }

    /** Cheap to make: whoever makes them has the same cores. */
    private String session(int number) {
        return "{\"registration\":\"test\",\"subject\":\"user-" + number + "\",\"token_response\":{\"access_token\":\""
                + access + "\",\"token_type\":\"Bearer\",\"expires_in\":86400,\"refresh_token\":\""
                + refresh + made.incrementAndGet() + "\"}}";
    }

    /** Sends and reads at the same time, as a stream. */
    private double imported(int count) throws Exception {
        URI address = URI.create(replica.url("/v1/sessions/import"));
        long start = System.nanoTime();
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            var sending = CompletableFuture.runAsync(() -> send(socket, count));
            var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line = answers.readLine();
            while (!line.contains("\"end\"")) {
                line = answers.readLine();
            }
            sending.join();
            if (!line.contains("\"end\":\"complete\",\"registered\":" + count + ",")) {
                throw new IllegalStateException(line);
            }
        }
        return count / seconds(start);
    }

    private void send(Socket socket, int count) {
        try {
            OutputStream to = socket.getOutputStream();
            to.write(("POST /v1/sessions/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + Server.TOKEN
                            + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            var chunk = new ByteArrayOutputStream();
            for (int i = 1; i <= count; i++) {
                chunk.write((session(i) + "\n").getBytes(StandardCharsets.US_ASCII));
                if (i % LINES_A_CHUNK == 0 || i == count) {
                    to.write((Integer.toHexString(chunk.size()) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    chunk.writeTo(to);
                    to.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                    chunk.reset();
                }
            }
            to.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows that were imported last, into a table that grows as theirs does. */
    private double copied() throws Exception {
        try (Connection connection = database.connect()) {
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            var exported = new ByteArrayOutputStream();
            copy.copyOut(
                    "copy (select * from tokenkeep_session order by created_at desc limit " + sessions
                            + ") to stdout (format binary)",
                    exported);
            var there = new ByteArrayInputStream(exported.toByteArray());
            long start = System.nanoTime();
            long count = copy.copyIn("copy bench_copy from stdin (format binary)", there);
            return count / seconds(start);
        }
    }

    private double registered(int count) throws Exception {
        List<String> bodies = IntStream.range(0, count).mapToObj(this::session).toList();
        return posted(bodies, i -> replica.url("/v1/sessions"), "application/json", 201);
    }

    private double inserted(int count) throws Exception {
        List<String> bodies =
                IntStream.range(0, count).mapToObj(i -> access + refresh).toList();
        return posted(bodies, i -> bare.url("/notes/" + System.nanoTime() + "-" + i), "text/plain", 204);
    }

    private double posted(List<String> bodies, IntFunction<String> url, String type, int expected) throws Exception {
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<Integer>> calls = IntStream.range(0, bodies.size())
                    .<Callable<Integer>>mapToObj(i -> () -> client.send(
                                    HttpRequest.newBuilder(URI.create(url.apply(i)))
                                            .header("Authorization", "Bearer " + Server.TOKEN)
                                            .header("Content-Type", type)
                                            .POST(BodyPublishers.ofString(bodies.get(i)))
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode())
                    .toList();
            long start = System.nanoTime();
            for (Future<Integer> status : threads.invokeAll(calls)) {
                if (status.get() != expected) {
                    throw new IllegalStateException("status " + status.get());
                }
            }
            return bodies.size() / seconds(start);
        } finally {
            threads.shutdown();
        }
    }

    /** Of sessions in memory, as most reads are. */
    private void reads() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ids.add(rows.select("select id from tokenkeep_session where subject = 'user-" + i + "' limit 1"));
        }
        var reads = new LoadGenerator(
                replica.url("/v1/sessions/{id}/access-token"),
                Server.TOKEN,
                ids,
                IntStream.range(0, ids.size()).toArray());
        reads.atRate(READS, Duration.ofSeconds(1));
        add(READ_ALONE, reads.atRate(READS, READING).millis(99));
        var importing = CompletableFuture.supplyAsync(() -> {
            try {
                return imported(BESIDE_READS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        add(READ_BESIDE, reads.atRate(READS, READING).millis(99));
        if (importing.isDone()) {
            throw new IllegalStateException("The import was over before the reads");
        }
        importing.join();
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private String table() {
        var table = new StringBuilder("| | median (least–most) | ratio |\n|---|---|---|\n");
        table(table, IMPORTED, COPIED, "%,.0f", "to COPY");
        table(table, REGISTERED, INSERTED, "%,.0f", "to the bare inserts, goal ≥ 0.6");
        table(table, READ_BESIDE, READ_ALONE, "%.2f ms", "to those alone");
        return table.toString();
    }

    private void table(StringBuilder table, String ours, String others, String format, String ratio) {
        table.append("| %s | %s | %s %s |%n"
                .formatted(
                        ours,
                        Samples.spread(measured.get(ours), format),
                        Samples.spread(Samples.ratios(measured.get(ours), measured.get(others)), "%.2f"),
                        ratio));
        table.append("| %s | %s | |%n".formatted(others, Samples.spread(measured.get(others), format)));
    }
}
