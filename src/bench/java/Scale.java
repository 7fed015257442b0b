import static org.awaitility.Awaitility.await;

import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a refresh and a read cost among few sessions and among many. Run it by {@code ./mvnw package -Pbench -Dbench=Scale -Dbench.arguments='[sessions,…] [rounds] [seconds]'}.
 *
 * <p>The sessions of the first number are refreshed and read, the same ones at every size; the others are copies that nobody asks for
 * and that are not due. The replica has one core, the authorization server, the generator and PostgreSQL have the other. At the
 * second size, which is that of the table about bloat, each row is then written anew twenty times, in no order, as a claim and a store write it.
 */
public final class Scale {

    private static final List<String> OPTIONS = List.of("-Xmx512m", "-XX:+UseG1GC");
    private static final String REFRESHES = "refreshes/s";
    private static final String READS = "reads/s that go to the database";
    private static final int WARM_UP_ROUNDS = 8;
    private static final int STORES = 20;
    private static final int CHUNKS = 500;

    private final TestDatabase database;
    private final Rows rows;
    private final TokenServer tokens;
    private final int[] sizes;
    private final int rounds;
    private final Duration each;
    private final Map<String, List<List<Double>>> measured = new LinkedHashMap<>();
    private final List<Double> resident = new ArrayList<>();
    private final List<String> bloat = new ArrayList<>();

    private Scale(TestDatabase database, TokenServer tokens, int[] sizes, int rounds, Duration each) {
        this.database = database;
        this.rows = new Rows(database);
        this.tokens = tokens;
        this.sizes = sizes;
        this.rounds = rounds;
        this.each = each;
        measured.put(REFRESHES, new ArrayList<>());
        measured.put(READS, new ArrayList<>());
    }

    public static void main(String[] arguments) throws Exception {
        int[] sizes = Arrays.stream((arguments.length > 0 ? arguments[0] : "10000,100000,1000000").split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        var each = Duration.ofSeconds(arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4);
        // PostgreSQL is started here, and stays where it is.
        Cores.pinThis(Cores.LOADING);
        TestDatabase database = TestDatabase.create();
        try (var tokens = new TokenServer()) {
            Cores.pinThis(Cores.ALL);
            var scale = new Scale(database, tokens, sizes, rounds, each);
            scale.run();
            System.out.println(scale.table());
        }
    }

    private void run() throws Exception {
        try (Server replica = replica()) {
            List<String> ids = new Tokens().register(replica, sizes[0]);
            var reads = new LoadGenerator(
                    replica.url("/v1/sessions/{id}/access-token"),
                    Server.TOKEN,
                    ids,
                    IntStream.range(0, ids.size()).toArray());
            rows.execute("create table bench_real as select id from tokenkeep_session");
            // These warm up, and do not count.
            rounds(replica, reads, WARM_UP_ROUNDS);
            Cores.pin(replica.pid(), Cores.LOADED);
            Cores.pinThis(Cores.LOADING);
            measured.values().forEach(List::clear);
            for (int at = 0; at < sizes.length; at++) {
                grow(sizes[at]);
                rounds(replica, reads, rounds);
                resident.add(replica.residentMiB());
                if (at == 1) {
                    bloat();
                }
            }
        }
    }

    private Server replica() throws Exception {
        var environment = new HashMap<>(PackagedApplication.environment(database, TestKeys.directory()));
        Tokens.registration(environment, tokens.endpoint());
        environment.put("TOKENKEEP_REGISTRATIONS_TEST_MAX_CONCURRENCY", "64");
        environment.put("TOKENKEEP_MEMORY_MAX_SIZE", "0");
        var replica = new Server("tokenkeep", Server.JAVA, OPTIONS, Server.TOKENKEEP, environment);
        replica.awaitReady();
        return replica;
    }

    /** Copies of those that are there, as many as are missing; they are due some day, each at its own time. */
    private void grow(int sessions) throws Exception {
        String columns = rows.select("""
                select string_agg(column_name, ', ') from information_schema.columns
                where table_name = 'tokenkeep_session' and column_name not in
                    ('id', 'registered_fingerprint', 'current_fingerprint', 'refresh_due_at')
                """);
        rows.execute("""
                insert into tokenkeep_session (id, registered_fingerprint, current_fingerprint, refresh_due_at, %1$s)
                select substr(encode(sha256(('id' || n)::bytea), 'hex'), 1, 43), sha256(('r' || n)::bytea), sha256(('c' || n)::bytea),
                    now() + interval '1 day' + n %% 86400 * interval '1 second', %1$s
                from generate_series((select count(*) from tokenkeep_session) + 1, %2$d) n
                join (select row_number() over (), * from tokenkeep_session join bench_real using (id)) real
                    on real.row_number = n %% %3$d + 1
                """.formatted(columns, sessions, sizes[0]), "vacuum analyze tokenkeep_session", "checkpoint");
    }

    private void rounds(Server replica, LoadGenerator reads, int number) throws Exception {
        var refreshes = new ArrayList<Double>();
        var answers = new ArrayList<Double>();
        for (int round = 1; round <= number; round++) {
            refreshes.add(refreshes());
            answers.add(reads.saturate(each).aSecond());
            System.err.printf(
                    "round %d, %s sessions: %.0f refreshes/s, %.0f reads/s, %.0f MiB%n",
                    round,
                    rows.select("select count(*) from tokenkeep_session"),
                    refreshes.get(round - 1),
                    answers.get(round - 1),
                    replica.residentMiB());
        }
        measured.get(REFRESHES).add(refreshes);
        measured.get(READS).add(answers);
    }

    /** From the hundredth to the last but a hundredth of those that are due. */
    private double refreshes() throws Exception {
        long before = tokens.answered();
        rows.due("tokenkeep_session", "id in (select id from bench_real)", "now()");
        tokens.await(before + sizes[0] / 100);
        long from = tokens.answered();
        long start = System.nanoTime();
        tokens.await(before + sizes[0] - sizes[0] / 100);
        double rate = (tokens.answered() - from) / ((System.nanoTime() - start) / 1e9);
        tokens.await(before + sizes[0]);
        // Or what is stored after they are made due again would not be.
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> rows.select(
                                "select count(*) from bench_real join tokenkeep_session using (id) where sent_version = rt_version")
                        .equals("0"));
        return rate;
    }

    private void bloat() throws Exception {
        // Sessions that are stored twenty times in minutes instead of hours: what PostgreSQL does once a minute comes
        // as often.
        rows.execute("alter system set autovacuum_naptime = '1s'", "select pg_reload_conf()");
        rows.execute("vacuum full tokenkeep_session");
        double[] compact = mebibytes();
        for (int store = 1; store <= STORES; store++) {
            rows.execute(
                    "drop table if exists bench_order",
                    """
                    create table bench_order as select id, row_number() over (order by random()) %% %d as chunk
                    from tokenkeep_session where id not in (select id from bench_real)
                    """.formatted(CHUNKS),
                    "create index on bench_order (chunk)",
                    "analyze bench_order");
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                rows.execute("""
                        update tokenkeep_session s set attempt_id = gen_random_uuid(), lease_until = now(), sent_at = now(),
                            sent_version = rt_version
                        from bench_order where s.id = bench_order.id and chunk = %d
                        """.formatted(chunk), """
                        update tokenkeep_session s set rt_version = rt_version + 1,
                            access_token = decode(md5(random()::text), 'hex') || substring(access_token from 17),
                            refresh_token = decode(md5(random()::text), 'hex') || substring(refresh_token from 17),
                            current_fingerprint = sha256(random()::text::bytea || current_fingerprint),
                            access_token_expires_at = now() + interval '1 day', refreshed_at = now(),
                            refresh_due_at = now() + interval '1 day' + random() * interval '1 hour'
                        from bench_order where s.id = bench_order.id and chunk = %d
                        """.formatted(chunk));
            }
            double[] now = mebibytes();
            System.err.printf("stored %d times: table %.0f MiB, indexes %.0f MiB%n", store, now[0], now[1]);
        }
        double[] after = mebibytes();
        bloat.add("| table | %,.0f MiB | %,.0f MiB | %.2f |%n".formatted(compact[0], after[0], after[0] / compact[0]));
        bloat.add(
                "| indexes | %,.0f MiB | %,.0f MiB | %.2f |%n".formatted(compact[1], after[1], after[1] / compact[1]));
        bloat.add("| both | %,.0f MiB | %,.0f MiB | %.2f |%n"
                .formatted(
                        compact[0] + compact[1],
                        after[0] + after[1],
                        (after[0] + after[1]) / (compact[0] + compact[1])));
        rows.execute(
                "alter system reset autovacuum_naptime",
                "select pg_reload_conf()",
                "vacuum full analyze tokenkeep_session");
    }

    private double[] mebibytes() throws Exception {
        return new double[] {
            Long.parseLong(rows.select("select pg_table_size('tokenkeep_session')")) / 1048576.0,
            Long.parseLong(rows.select("select pg_indexes_size('tokenkeep_session')")) / 1048576.0
        };
    }

    private String table() {
        var table = new StringBuilder(
                "| sessions | | to the first size, goal ≥ 0.77 | memory of the process |\n|---|---|---|---|\n");
        measured.forEach((what, samples) -> {
            for (int at = 0; at < sizes.length; at++) {
                table.append("| %,d | %s %s | %s | %,.0f MiB |%n"
                        .formatted(
                                sizes[at],
                                Samples.spread(samples.get(at), "%,.0f"),
                                what,
                                Samples.spread(Samples.ratios(samples.get(at), samples.get(0)), "%.2f"),
                                resident.get(at)));
            }
        });
        table.append(
                "\n| %,d sessions | compact | each claimed and stored %d times | ratio, goal ≤ 1.5 |%n|---|---|---|---|%n"
                        .formatted(sizes[1], STORES));
        bloat.forEach(table::append);
        return table.toString();
    }
}
