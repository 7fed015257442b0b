package dev.tokenkeep.harness;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Three replicas, a PostgreSQL, authorization servers in a process of their own, and everything that may go wrong. */
final class Harness implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REPLICAS = 3;
    private static final int AT_ONCE = 20;
    /** What a registration takes at most, also of a replica that has just started. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(5);

    private final Form form;
    private final long seed;
    private final ClientKind client = ClientKind.ofSystemProperty();
    private final Path publicKeys = Path.of("target", "harness", "public-keys.json");
    private final AuthorizationServers servers;
    private final DatabaseFaults database;
    private final List<Replica> replicas;
    private final List<String> sessions = new ArrayList<>();

    Harness(Form form, long seed) {
        this.form = form;
        this.seed = seed;
        this.servers = AuthorizationServers.start(seed, form.lifetime(), form.leeway(), client, publicKeys);
        TestDatabase created = TestDatabase.create();
        this.database = new DatabaseFaults(created);
        Map<String, String> environment = environment(created);
        this.replicas = IntStream.rangeClosed(1, REPLICAS)
                .mapToObj(number -> new Replica(number, number == 2 ? Skew.ahead(environment) : environment))
                .toList();
        try {
            replicas.forEach(Replica::awaitReady);
            database.install();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Map<String, String> environment(TestDatabase created) {
        var environment = new HashMap<>(PackagedApplication.environment(created, TestKeys.directory()));
        environment.put("QUARKUS_DATASOURCE_TOKENKEEP_JDBC_MAX_SIZE", "30");
        for (Mode mode : Mode.values()) {
            String prefix = "TOKENKEEP_REGISTRATIONS_" + mode.name() + "_";
            environment.put(prefix + "TOKEN_ENDPOINT", servers.tokenEndpoint(mode));
            environment.put(prefix + "CLIENT_ID", ScriptedAuthorizationServer.CLIENT_ID);
            environment.put(prefix + "ROTATION", mode.rotation());
            if (mode == Mode.LEEWAY) {
                environment.put(prefix + "ROTATION_LEEWAY", form.leeway().toSeconds() + "S");
            }
        }
        client.configure(environment, publicKeys);
        return environment;
    }

    /** Without a fault: registers the sessions, reads them for two access tokens' lives, and makes all due at once. */
    Report withoutFaults() {
        sessions.addAll(register());
        try (var readers = new Readers(replicas, sessions, seed)) {
            awaitRefreshes(2);
            database.makeAllDue();
            awaitRefreshes(3);
            readers.close();
            return report("without-faults", form.withoutFaults(), readers);
        }
    }

    /** Injects the form's faults, and lets every session that lives be refreshed once more. */
    Report withFaults() {
        servers.troubles(true);
        try (var readers = new Readers(replicas, sessions, seed)) {
            new Faults(form, replicas, database, seed).inject();
            servers.troubles(false);
            calm();
            readers.close();
            return report("report", form, readers);
        }
    }

    private void awaitRefreshes(int ofEach) {
        await().atMost(form.lifetime().multipliedBy(ofEach + 1))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> servers.ledger().stream()
                                .collect(Collectors.groupingBy(
                                        line -> line.mode() + line.family(), Collectors.counting()))
                                .values()
                                .stream()
                                .filter(refreshes -> refreshes >= ofEach)
                                .count()
                        >= (long) form.sessions() * Mode.values().length);
    }

    /** Every session that lives is refreshed once more; what hangs on its access token waits for its end. */
    private void calm() {
        database.beginCalm();
        await().atMost(form.lifetime().plusSeconds(180))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> database.notYetRefreshed() == 0);
    }

    private List<String> register() {
        var sessions = Collections.synchronizedList(new ArrayList<String>());
        for (Mode mode : Mode.values()) {
            for (int done = 0; done < form.sessions(); done += AT_ONCE) {
                servers.issue(mode, Math.min(AT_ONCE, form.sessions() - done)).parallelStream()
                        .map(tokens -> register(mode, tokens))
                        .forEach(sessions::add);
            }
        }
        Collections.sort(sessions);
        return sessions;
    }

    private String register(Mode mode, String tokens) {
        try {
            var response = (ObjectNode) JSON.readTree(tokens);
            String family = response.get("refresh_token").textValue().split("-")[1];
            // Issued a while ago, some of them while others were registered: told is what is left when it is stored.
            Duration left = Readers.left(response.get("access_token").textValue());
            response.put("expires_in", left.minus(ON_ITS_WAY).toSeconds());
            int replica = Math.floorMod(family.hashCode(), replicas.size());
            return replicas.get(replica).application().register(mode.registration(), family, response.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Report report(String name, Form form, Readers readers) {
        List<Outage> outages =
                replicas.stream().flatMap(replica -> replica.outages().stream()).toList();
        List<DatabaseFaults.Standing> standings = database.sessions();
        List<LedgerLine> ledger = servers.ledger();
        Map<String, Mode> modes = standings.stream()
                .collect(Collectors.toMap(DatabaseFaults.Standing::id, DatabaseFaults.Standing::mode));
        var report = new Report(
                seed,
                form,
                count(outages, Outage.Kind.KILL),
                count(outages, Outage.Kind.STOP),
                Skew.description(),
                database.failedCommits(),
                database.cuts(),
                database.outages().size(),
                readers.served.get(),
                readers.expired.get(),
                readers.withheld.get(),
                readers.unanswered.get(),
                Takeovers.of(database.log(), outages, database.outages(), modes),
                Arrays.stream(Mode.values())
                        .map(mode -> Verdict.of(mode, ledger, standings, outages))
                        .toList());
        write(name, report.table());
        write(
                "outages",
                Stream.concat(outages.stream(), database.outages().stream())
                        .map(Outage::toString)
                        .collect(Collectors.joining("\n")));
        return report;
    }

    private static long count(List<Outage> outages, Outage.Kind kind) {
        return outages.stream().filter(outage -> outage.kind() == kind).count();
    }

    /** Beside the ledger, so that what it says can be gone into. */
    private void write(String what, String text) {
        try {
            Files.writeString(Path.of("target", "harness", what + "-" + seed + ".md"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        replicas.forEach(Replica::close);
        servers.close();
    }
}
