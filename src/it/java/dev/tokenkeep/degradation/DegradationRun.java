package dev.tokenkeep.degradation;

import static org.awaitility.Awaitility.await;

import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import dev.tokenkeep.testing.TokenRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three replicas, all scenarios at once, and the death of a replica in the middle of it. */
final class DegradationRun implements AutoCloseable {

    private static final int REPLICAS = 3;
    /** Of each registration in each replica, by default. */
    private static final int PERMITS = 32;

    private static final String VICTIM = "replica-2";

    private final Extent extent;
    private final long seed;
    private final TestDatabase database = TestDatabase.create();
    private final List<Scenario> scenarios;
    private final ManyRegistrations many;
    private final Map<String, String> environment;
    private final List<PackagedApplication> replicas = new CopyOnWriteArrayList<>();
    private final Map<String, Long> recovered = new HashMap<>();
    private int processes;
    private Death death = new Death("", 0, Set.of());
    private long degradedMillis;

    DegradationRun(Extent extent, long seed) throws IOException {
        this.extent = extent;
        this.seed = seed;
        this.scenarios = Arrays.stream(Degradation.values())
                .filter(degradation -> degradation.isWithin(extent))
                .flatMap(degradation -> Arrays.stream(Scenario.Rotation.values())
                        .map(rotation -> new Scenario(degradation, rotation, extent, seed)))
                .toList();
        this.many = new ManyRegistrations(extent);
        this.environment = PackagedApplication.environment(database, TestKeys.directory());
        environment.put("QUARKUS_CONFIG_LOCATIONS", registrations().toUri().toString());
        environment.put("QUARKUS_DATASOURCE_TOKENKEEP_JDBC_MAX_SIZE", "30");
    }

    private Path registrations() throws IOException {
        var settings = new Properties();
        scenarios.forEach(scenario -> settings.putAll(scenario.settings()));
        settings.putAll(many.settings());
        Path file = Files.createTempFile("tokenkeep-registrations", ".properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            settings.store(writer, null);
        }
        return file;
    }

    /** What came of it, and the table that shows it. */
    record Report(
            List<Outcome> outcomes,
            Map<String, GoodReaders.Count> reads,
            List<Duration> takeovers,
            List<String> late,
            String table) {}

    Report run() {
        while (replicas.size() < REPLICAS) {
            replicas.add(launched());
        }
        replicas.forEach(PackagedApplication::awaitReady);
        scenarios.forEach(scenario -> scenario.register(replicas.get(0)));
        many.register(replicas.get(1));
        try (var readers = new GoodReaders(scenarios, () -> List.copyOf(replicas), seed)) {
            awaitRefreshes();
            degrade();
            recover();
            readers.close();
            return report(readers);
        }
    }

    private PackagedApplication launched() {
        String name = "replica-" + ++processes;
        List<String> options = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        scenarios.forEach(scenario ->
                options.add("-Dtokenkeep.registrations." + scenario.registration + ".headers.x-replica=" + name));
        return PackagedApplication.launch(environment, options, () -> CallerKeys.token("sub-it"));
    }

    /** Every session once: it is well. */
    private void awaitRefreshes() {
        await().atMost(extent.lifetime().multipliedBy(3))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> select(
                                "select count(*) from tokenkeep_session where rt_version = 1 and registration not like"
                                        + " 'customer-%' and registration not like 'too-small-%'")
                        .equals("0"));
    }

    private void degrade() {
        degradedMillis = System.currentTimeMillis();
        scenarios.forEach(Scenario::degrade);
        long end = System.nanoTime() + extent.degraded().toNanos();
        await().pollInterval(Duration.ofMillis(200))
                .atMost(extent.degraded().plusSeconds(60))
                .until(() ->
                        System.nanoTime() > end - extent.degraded().dividedBy(2).toNanos());
        killOne();
        await().pollInterval(Duration.ofMillis(200))
                .atMost(extent.degraded().plusSeconds(60))
                .until(() -> System.nanoTime() > end);
        scenarios.forEach(Scenario::recover);
    }

    /** While it waits for an answer that another one can get too. */
    private void killOne() {
        await().atMost(extent.slowest().plus(extent.lifetime().multipliedBy(3)))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> scenarios.stream()
                        .filter(scenario -> scenario.rotation != Scenario.Rotation.STRICT)
                        .anyMatch(scenario -> cutOff(scenario, dyingIn(Duration.ofSeconds(1)))));
        PackagedApplication victim = replicas.remove(1);
        long killedMillis = System.currentTimeMillis();
        victim.kill();
        death = new Death(
                VICTIM,
                killedMillis,
                Set.copyOf(column(
                        "select id from tokenkeep_session where lease_until is not null and sent_at is not null")));
        PackagedApplication instead = launched();
        instead.awaitReady();
        replicas.add(instead);
    }

    private static Death dyingIn(Duration time) {
        return new Death(VICTIM, System.currentTimeMillis() + time.toMillis(), Set.of());
    }

    private static boolean cutOff(Scenario scenario, Death death) {
        return scenario.sessions.stream()
                .filter(session -> !session.bad())
                .anyMatch(session ->
                        scenario.requestsOf(session).stream().anyMatch(request -> death.cutOff(session, request)));
    }

    /** Until every session that is well, and can be, has a token that lives. */
    private void recover() {
        long from = System.currentTimeMillis();
        String bad = scenarios.stream()
                .flatMap(scenario -> scenario.sessions.stream())
                .filter(Scenario.Kept::bad)
                .map(session -> "'" + session.id() + "'")
                .collect(Collectors.joining(","));
        await().atMost(extent.slowest().plus(extent.lifetime().multipliedBy(3)).plusSeconds(70))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    List<String> waiting = column("select distinct registration from tokenkeep_session"
                            + " where status = 'ACTIVE' and registration not like 'customer-%' and id not in (" + bad
                            + ")"
                            + " and (access_token_expires_at is null or access_token_expires_at <= now()"
                            + " or lease_until is not null and sent_at < now() - interval '3 seconds')");
                    scenarios.stream()
                            .filter(scenario -> !waiting.contains(scenario.registration))
                            .forEach(scenario ->
                                    recovered.putIfAbsent(scenario.registration, System.currentTimeMillis() - from));
                    // With a limit that is too small some session is always late.
                    return waiting.stream().allMatch(registration -> registration.startsWith("too-small"));
                });
    }

    private Report report(GoodReaders readers) {
        List<String> lost = column("select id from tokenkeep_session where status <> 'ACTIVE'");
        List<Outcome> outcomes = scenarios.stream()
                .map(scenario -> Outcome.of(
                        scenario,
                        lost,
                        death,
                        degradedMillis,
                        recovered.getOrDefault(scenario.registration, Long.MAX_VALUE)))
                .toList();
        Map<String, GoodReaders.Count> reads =
                scenarios.stream().collect(Collectors.toMap(scenario -> scenario.registration, readers::of));
        List<Duration> takeovers = scenarios.stream()
                .filter(scenario -> scenario.rotation != Scenario.Rotation.STRICT && hasPermits(scenario))
                .flatMap(this::takeovers)
                .sorted()
                .toList();
        String longest = scenarios.stream()
                .flatMap(scenario -> takeovers(scenario)
                        .max(Duration::compareTo)
                        .map(time -> scenario.registration + " " + time.toMillis() / 1000.0 + " s")
                        .stream())
                .collect(Collectors.joining(", "));
        List<String> late = column("select concat_ws(' ', registration, status, 'now', now(), 'expiry',"
                + " access_token_expires_at, 'due', refresh_due_at, 'not before', not_before, 'lease', lease_until,"
                + " 'sent', sent_at, 'failures', failures, failure_code, failure_at) from tokenkeep_session"
                + " where access_token_expires_at <= now() and id = any('{" + String.join(",", many.sessions) + "}')");
        String table = Outcome.HEAD
                + outcomes.stream()
                        .map(outcome -> "\n" + outcome.row(reads.get(outcome.scenario().registration)))
                        .collect(Collectors.joining())
                + "\n\nSeed " + seed + "; takeovers after the SIGKILL, where permits are left: " + takeovers.size()
                + ", longest "
                + (takeovers.isEmpty()
                        ? "–"
                        : takeovers.get(takeovers.size() - 1).toMillis() / 1000.0 + " s")
                + " (" + longest + "); of " + many.sessions.size()
                + " sessions of as many registrations beside those that lead nowhere, "
                + late.size() + " without a living token at the end\n";
        write("md", table);
        write(
                "txt",
                Stream.concat(
                                outcomes.stream()
                                        .map(outcome -> outcome.requests(degradedMillis))
                                        .filter(requests -> !requests.isEmpty()),
                                late.stream())
                        .collect(Collectors.joining(
                                "\n",
                                "",
                                "\nkilled at +%.1f s".formatted((death.atMillis() - degradedMillis) / 1000.0))));
        return new Report(outcomes, reads, takeovers, late, table);
    }

    /** Whether the replicas that are left have a permit for each session; otherwise a takeover waits for one as well. */
    private static boolean hasPermits(Scenario scenario) {
        return scenario.sessions.size() <= PERMITS * (REPLICAS - 1) || !scenario.degradation.holdsPermits();
    }

    /** From the death of a replica until another one sent what that had under way. */
    private Stream<Duration> takeovers(Scenario scenario) {
        return scenario.sessions.stream().filter(session -> !session.bad()).flatMap(session -> {
            List<TokenRequest> requests = scenario.requestsOf(session);
            return requests.stream()
                    .filter(request -> death.cutOff(session, request))
                    .flatMap(cut -> requests.stream()
                            .filter(next -> next.cameMillis() > death.atMillis()
                                    && !next.replica().equals(death.replica())
                                    && next.refreshToken().equals(cut.refreshToken()))
                            .limit(1))
                    .map(next -> Duration.ofMillis(next.cameMillis() - death.atMillis()));
        });
    }

    private void write(String kind, String text) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "harness"));
            Files.writeString(folder.resolve("degradation-" + seed + "." + kind), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String select(String sql) {
        return column(sql).get(0);
    }

    private List<String> column(String sql) {
        try (Connection connection = database.connect();
                var found = connection.createStatement().executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (found.next()) {
                values.add(found.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        replicas.forEach(PackagedApplication::close);
        scenarios.forEach(Scenario::close);
        many.close();
    }
}
