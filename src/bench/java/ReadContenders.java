import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Everybody who answers reads in {@link Reads}, with the same sessions, and how each is asked. */
final class ReadContenders implements AutoCloseable {

    static final String CEILING = "the same size, without security";
    static final String CEILING_JWT = "the same size, with SmallRye JWT";
    static final String MEMORY = "Tokenkeep, all in memory";
    static final String UNAUDITED = "Tokenkeep, all in memory, no audit";
    static final String DEFAULT = "Tokenkeep, 32 MiB of memory";
    static final String MISS = "Tokenkeep, no memory";
    static final String FIND = "Panache's find by id, with SmallRye JWT";
    static final String PEER = Peer.NAME;

    private static final Duration SPAN = Duration.ofSeconds(5);
    private static final double FASTER = 1.05;
    /** So many spans in a row. */
    private static final int STEADY = 4;

    private static final int MOST_SPANS = 36;
    private static final List<String> OPTIONS = List.of("-Xmx1g", "-XX:+UseG1GC");
    private static final int REQUESTS = 1_000_000;
    private static final String READ = "/v1/sessions/{id}/access-token";
    private static final Path BARE = Path.of("target", "bare", "quarkus-app", "quarkus-run.jar");

    private final Tokens tokens = new Tokens();
    private final List<Contender> all = new ArrayList<>();
    private final List<String> ids;
    private final int[] order;

    record Contender(String name, Server server, LoadGenerator load) {

        /** In bytes, as its JVM tells it; 0 if it does not. */
        long allocated() throws Exception {
            return server.metrics()
                    .lines()
                    .filter(line -> line.startsWith("jvm_gc_memory_allocated_bytes_total"))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }
    }

    ReadContenders(int sessions) throws Exception {
        // PostgreSQL is started here, and stays where it is.
        Cores.pinThis(Cores.LOADING);
        TestDatabase database = TestDatabase.create();
        Cores.pinThis(Cores.ALL);
        Map<String, String> environment = PackagedApplication.environment(database, TestKeys.directory());
        Tokens.registration(environment, "http://127.0.0.1:1/token");
        environment.put("TOKENKEEP_CALLERS_IT_MAX_CONCURRENCY", "1000");
        Server missing = start(MISS, Server.TOKENKEEP, changed(environment, Map.of("TOKENKEEP_MEMORY_MAX_SIZE", "0")));
        ids = tokens.register(missing, sessions);
        order = zipf(sessions);
        Server bare = start(CEILING, BARE, bare());
        add(CEILING, bare, "/ceiling/open/{id}/access-token");
        add(
                MEMORY,
                start(MEMORY, Server.TOKENKEEP, changed(environment, Map.of("TOKENKEEP_MEMORY_MAX_SIZE", "512M"))),
                READ);
        add(
                UNAUDITED,
                start(
                        UNAUDITED,
                        Server.TOKENKEEP,
                        changed(
                                environment,
                                Map.of(
                                        "TOKENKEEP_MEMORY_MAX_SIZE", "512M",
                                        "QUARKUS_LOG_CATEGORY__DEV_TOKENKEEP_AUDIT__LEVEL", "OFF"))),
                READ);
        add(CEILING_JWT, bare, "/ceiling/jwt/{id}/access-token");
        add(DEFAULT, start(DEFAULT, Server.TOKENKEEP, environment), READ);
        add(FIND, bare, "/notes/{id}");
        add(MISS, missing, READ);
        add(PEER, peer(), READ);
    }

    List<Contender> all() {
        return all;
    }

    /** On both cores, or compiling would take minutes; until it does not get faster any more. */
    void warmUp() throws Exception {
        for (Contender one : all) {
            double best = 0;
            int slower = 0;
            for (int span = 0; slower < STEADY && span < MOST_SPANS; span++) {
                double now = one.load().saturate(SPAN).aSecond();
                slower = now < best * FASTER ? slower + 1 : 0;
                best = Math.max(best, now);
                System.err.printf("warming up, %s: %.0f/s%n", one.name(), now);
            }
        }
        for (Contender one : all) {
            Cores.pin(one.server().pid(), Cores.LOADED);
        }
        Cores.pinThis(Cores.LOADING);
    }

    Contender named(String name) {
        return all.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    private void add(String name, Server server, String path) throws IOException {
        all.add(new Contender(name, server, new LoadGenerator(server.url(path), Server.TOKEN, ids, order)));
    }

    private static Server start(String name, Path jar, Map<String, String> environment) throws Exception {
        var server = new Server(name, Server.JAVA, OPTIONS, jar, environment);
        server.awaitReady();
        return server;
    }

    private static Map<String, String> changed(Map<String, String> environment, Map<String, String> by) {
        var changed = new HashMap<>(environment);
        changed.putAll(by);
        return changed;
    }

    private Map<String, String> bare() throws Exception {
        TestDatabase database = TestDatabase.create();
        var environment = new HashMap<>(PackagedApplication.environment(database, TestKeys.directory()));
        environment.keySet().removeIf(name -> name.startsWith("TOKENKEEP_"));
        Tokens.connections(environment);
        // Makes the tables.
        start(FIND, BARE, environment).close();
        new Rows(database).forEach("insert into note select id, ? from unnest(?) id", ids, tokens.access());
        return environment;
    }

    private Server peer() throws Exception {
        TestDatabase database = TestDatabase.create();
        Server peer = Peer.start(OPTIONS, database, "http://127.0.0.1:1/token");
        Peer.authorize(database, ids, tokens);
        return peer;
    }

    /** The n-th of them is read as often as 1/n, as it is with words and cities. */
    private int[] zipf(int sessions) {
        double[] upTo = new double[sessions];
        double sum = 0;
        for (int i = 0; i < sessions; i++) {
            sum += 1.0 / (i + 1);
            upTo[i] = sum;
        }
        double whole = sum;
        return new Random(1)
                .doubles(REQUESTS)
                .mapToInt(part -> {
                    int found = Arrays.binarySearch(upTo, part * whole);
                    return found < 0 ? -found - 1 : found;
                })
                .toArray();
    }

    @Override
    public void close() throws Exception {
        for (Server server : all.stream().map(Contender::server).distinct().toList()) {
            server.close();
        }
    }
}
