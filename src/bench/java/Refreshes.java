import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.PemKeys;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/**
 * How many sessions the job refreshes in a second while all of them are due, beside {@link RefreshCeiling}, and
 * beside {@link Peer}, which is asked for them. Run it by
 * {@code ./mvnw package -Pbench -Dbench=Refreshes -Dbench.arguments='[sessions] [rounds] [seconds] [registrations]'}. With a
 * number of registrations it compares one replica that has all sessions at one of them with one that has them at all of these.
 * With {@code private_key_jwt} instead, it compares clients that send a secret with those that sign (ES256), and with the path
 * of Amazon Corretto Crypto Provider's jar after it, has that provider sign.
 *
 * <p>All replicas together have one core, as the ceiling has when its turn comes; the authorization server and PostgreSQL have
 * the other. A round makes all sessions due and counts the answers of the authorization server for that long, after the first
 * thousand; the first rounds warm up and do not count.
 */
public final class Refreshes {

    private static final List<String> OPTIONS = List.of("-Xmx1g", "-XX:+UseG1GC");
    private static final int UNDER_WAY_ALREADY = 1_000;
    private static final int WARM_UP_ROUNDS = 4;
    private static final int REPLICAS = 3;
    private static final String SIGNING = "private_key_jwt";
    private static final String CORRETTO = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
    private static final int[] ANSWERS_TAKE_MILLIS = {0, 50};
    private static final String CEILING = "Vert.x and the statements alone";

    private final TestDatabase database = TestDatabase.create();
    private final Rows rows = new Rows(database);
    private final Path keys = TestKeys.directory();
    private final Deque<Server> running = new ArrayDeque<>();
    private final int rounds;
    private final Duration each;
    private final TokenServer tokens;
    private final Map<String, List<Double>> aSecond = new LinkedHashMap<>();
    private final Map<String, List<Double>> lockWaits = new LinkedHashMap<>();
    /** Who asks for tokens; null where a job refreshes. */
    private LoadGenerator demand;

    private Refreshes(int rounds, Duration each, TokenServer tokens) {
        this.rounds = rounds;
        this.each = each;
        this.tokens = tokens;
    }

    public static void main(String[] arguments) throws Exception {
        int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        var each = Duration.ofSeconds(arguments.length > 2 ? Integer.parseInt(arguments[2]) : 15);
        // PostgreSQL is started here, and stays where it is.
        Cores.pinThis(Cores.LOADING);
        try (var tokens = new TokenServer()) {
            var refreshes = new Refreshes(rounds, each, tokens);
            Cores.pinThis(Cores.ALL);
            if (arguments.length > 3 && arguments[3].equals(SIGNING)) {
                refreshes.compareMethods(sessions, arguments.length > 4 ? Path.of(arguments[4]) : null);
                return;
            }
            if (arguments.length > 3) {
                refreshes.compareRegistrations(sessions, Integer.parseInt(arguments[3]));
                return;
            }
            refreshes.run(sessions);
            System.out.println(refreshes.table());
            Bars.write(
                    Path.of("target", "bench", "refreshes.svg"), "Refreshes a second, on one core", refreshes.aSecond);
        }
    }

    private void compareRegistrations(int sessions, int number) throws Exception {
        for (int registrations : new int[] {1, number}) {
            Cores.pinThis(Cores.ALL);
            try {
                running.add(replica(number));
                new Tokens().registerAtMany(running.peek(), sessions, registrations);
                for (int millis : ANSWERS_TAKE_MILLIS) {
                    rounds("Tokenkeep, " + registrations + " registrations, ", millis, "tokenkeep_session");
                }
                rows.execute("truncate tokenkeep_session");
            } finally {
                close();
            }
        }
        aSecond.forEach((name, samples) -> System.out.println(name + ": " + Samples.spread(samples, "%,.0f")));
    }

    private void compareMethods(int sessions, Path provider) throws Exception {
        for (String method : List.of("client_secret_basic", SIGNING)) {
            Cores.pinThis(Cores.ALL);
            try {
                var environment = environment(0);
                environment.put("TOKENKEEP_REGISTRATIONS_TEST_CLIENT_AUTHENTICATION", method);
                if (method.equals(SIGNING)) {
                    environment.remove("TOKENKEEP_REGISTRATIONS_TEST_CLIENT_SECRET");
                    environment.put("TOKENKEEP_REGISTRATIONS_TEST_CLIENT_ASSERTION_AUDIENCE", "https://as.example");
                    environment.put(
                            "TOKENKEEP_REGISTRATIONS_TEST_CLIENT_KEYS",
                            PemKeys.of("key", PemKeys.pair("P-256")).directory().toString());
                }
                running.add(provider == null ? started(environment) : started(environment, provider));
                new Tokens().register(running.peek(), sessions);
                for (int millis : ANSWERS_TAKE_MILLIS) {
                    rounds(method + ", ", millis, "tokenkeep_session");
                }
                rows.execute("truncate tokenkeep_session");
            } finally {
                close();
            }
        }
        aSecond.forEach((name, samples) -> System.out.println(name + ": " + Samples.spread(samples, "%,.0f")));
        for (int millis : ANSWERS_TAKE_MILLIS) {
            List<Double> plain = aSecond.get("client_secret_basic, " + millis + " ms");
            System.out.println("Ratio at " + millis + " ms: "
                    + Samples.spread(Samples.ratios(aSecond.get(SIGNING + ", " + millis + " ms"), plain), "%.2f"));
        }
    }

    private void run(int sessions) throws Exception {
        try {
            running.add(replica());
            new Tokens().register(running.peek(), sessions);
            for (int count = 1; count <= REPLICAS; count++) {
                if (count > 1) {
                    running.add(replica());
                }
                String replicas = "Tokenkeep, " + count + (count == 1 ? " replica, " : " replicas, ");
                for (int millis : ANSWERS_TAKE_MILLIS) {
                    rounds(replicas, millis, "tokenkeep_session");
                }
            }
        } finally {
            close();
        }
        rows.execute(
                "create table bench_session (like tokenkeep_session including all)",
                "insert into bench_session select * from tokenkeep_session");
        try {
            running.add(ceiling());
            for (int millis : ANSWERS_TAKE_MILLIS) {
                rounds(CEILING + ", ", millis, "bench_session");
            }
        } finally {
            close();
        }
        demanded();
    }

    /** Nobody makes it refresh but those who ask: each session once in a round, on as many connections as Tokenkeep has permits. */
    private void demanded() throws Exception {
        List<String> ids = List.of(rows.select("select string_agg(id, ' ' order by random()) from tokenkeep_session")
                .split(" "));
        try {
            running.add(Peer.start(OPTIONS, database, tokens.endpoint()));
            Peer.authorize(database, ids, new Tokens());
            demand = new LoadGenerator(
                    running.peek().url("/v1/sessions/{id}/access-token"),
                    Server.TOKEN,
                    ids,
                    IntStream.range(0, ids.size()).toArray());
            for (int millis : ANSWERS_TAKE_MILLIS) {
                rounds(Peer.NAME + ", on demand, ", millis, Peer.TABLE);
            }
        } finally {
            close();
        }
    }

    private void close() throws Exception {
        while (!running.isEmpty()) {
            running.poll().close();
        }
    }

    private Server replica() throws Exception {
        return replica(0);
    }

    /** @param registrations besides the usual one */
    private Server replica(int registrations) throws Exception {
        return started(environment(registrations));
    }

    private Map<String, String> environment(int registrations) throws Exception {
        var environment = new HashMap<>(PackagedApplication.environment(database, keys));
        Tokens.registrations(environment, tokens.endpoint(), registrations);
        Tokens.registration(environment, tokens.endpoint());
        environment.put("TOKENKEEP_REGISTRATIONS_TEST_MAX_CONCURRENCY", "64");
        return environment;
    }

    private static Server started(Map<String, String> environment) throws Exception {
        return started(new Server("tokenkeep", Server.JAVA, OPTIONS, Server.TOKENKEEP, environment));
    }

    /** With a provider of cryptography that is asked before those of the JDK. */
    private static Server started(Map<String, String> environment, Path provider) throws Exception {
        var order = new StringBuilder("security.provider.1=" + CORRETTO);
        int place = 1;
        for (Provider known : Security.getProviders()) {
            order.append("\nsecurity.provider.").append(++place).append('=').append(known.getName());
        }
        Path security = Files.writeString(Files.createTempFile("java", ".security"), order);
        var program = List.of(
                "-cp",
                provider.toAbsolutePath() + File.pathSeparator + Server.TOKENKEEP.getFileName(),
                "-Djava.security.properties=" + security,
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint");
        Path folder = Server.TOKENKEEP.toAbsolutePath().getParent();
        return started(new Server("tokenkeep", Server.JAVA, OPTIONS, folder, program, environment));
    }

    private Server ceiling() throws Exception {
        var program = List.of(
                "-cp",
                System.getProperty("java.class.path"),
                RefreshCeiling.class.getName(),
                tokens.endpoint(),
                database.jdbcUrl(),
                database.user(),
                database.password());
        return started(new Server(CEILING, Server.JAVA, OPTIONS, Path.of("").toAbsolutePath(), program, Map.of()));
    }

    private static Server started(Server server) throws Exception {
        server.awaitReady();
        return server;
    }

    /** The first ones warm up on all cores, and do not count. */
    private void rounds(String who, int millis, String table) throws Exception {
        String name = who + millis + " ms";
        tokens.takes(millis);
        pin(Cores.ALL, Cores.ALL);
        for (int round = 1 - WARM_UP_ROUNDS; round <= rounds; round++) {
            if (round == 1) {
                pin(Cores.LOADED, Cores.LOADING);
            }
            due(table, "now()");
            rows.execute("vacuum analyze " + table);
            var measured = new CountDownLatch(1);
            CompletableFuture<?> asking = asking(measured);
            tokens.await(tokens.answered() + UNDER_WAY_ALREADY);
            long before = tokens.answered();
            long start = System.nanoTime();
            double waiting = lockWaits(each);
            double rate = (tokens.answered() - before) / ((System.nanoTime() - start) / 1e9);
            System.err.printf("round %d, %s: %.0f/s, %.1f %% waited for locks%n", round, name, rate, waiting);
            if (round > 0) {
                aSecond.computeIfAbsent(name, one -> new ArrayList<>()).add(rate);
                lockWaits.computeIfAbsent(name, one -> new ArrayList<>()).add(waiting);
            }
            measured.countDown();
            asking.join();
        }
        due(table, "now() + interval '1 day'");
    }

    private void due(String table, String when) throws Exception {
        if (demand == null) {
            rows.due(table, "true", when);
        } else {
            rows.execute("update " + table + " set access_token_expires_at = " + when);
        }
    }

    /** Until it is measured, however long the first thousand take; nobody asks where a job refreshes. */
    private CompletableFuture<?> asking(CountDownLatch measured) {
        return CompletableFuture.runAsync(() -> {
            try {
                while (demand != null && measured.getCount() > 0) {
                    demand.saturate(each);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void pin(String loaded, String loading) throws InterruptedException {
        for (Server server : running) {
            Cores.pin(server.pid(), loaded);
        }
        Cores.pinThis(loading);
    }

    /** Of the connections that are at something, how many wait for a lock, in percent. */
    private double lockWaits(Duration howLong) throws Exception {
        long end = System.nanoTime() + howLong.toNanos();
        long busy = 0;
        long waiting = 0;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            while (System.nanoTime() < end) {
                try (ResultSet row = statement.executeQuery("""
                        select count(*), count(*) filter (where wait_event_type = 'Lock') from pg_stat_activity
                        where state = 'active' and datname = current_database() and pid <> pg_backend_pid()
                        """)) {
                    row.next();
                    busy += row.getLong(1);
                    waiting += row.getLong(2);
                }
                Thread.sleep(20);
            }
        }
        return busy == 0 ? 0 : 100.0 * waiting / busy;
    }

    private String table() {
        var table = new StringBuilder("""
                | all sessions are due; the authorization server answers in | refreshes/s | to Vert.x alone, answered as fast | waiting for locks |
                |---|---|---|---|
                """);
        aSecond.forEach((name, samples) -> {
            String ceiling = CEILING + name.substring(name.lastIndexOf(','));
            table.append("| %s | %s | %s | %s |%n"
                    .formatted(
                            name,
                            Samples.spread(samples, "%,.0f"),
                            Samples.spread(Samples.ratios(samples, aSecond.get(ceiling)), "%.2f"),
                            Samples.spread(lockWaits.get(name), "%.1f %%")));
        });
        return table.toString();
    }
}
