package dev.tokenkeep.starts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.ConnectProxy;
import dev.tokenkeep.testing.FreezablePostgres;
import dev.tokenkeep.testing.PgBouncer;
import dev.tokenkeep.testing.SelfSignedServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong, and what is seen of it: few lines, and the culprit in them, as the documentation's table has it. */
@Tag("alone")
class WrongStartsIT {

    private static final int MOST_LINES = 10;
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC");

    /** Nothing listens there. */
    private static final String AWAY = "http://127.0.0.1:1/issuer";

    @TempDir
    Path files;

    @Test
    void everyStartThatCanNotSucceedSaysWhyInFewLines() throws Exception {
        var table = WhatYouSee.read();
        var seen = new LinkedHashMap<List<String>, String>();
        try (var server = FreezablePostgres.start();
                var port = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            TestDatabase guarded = guarded(server);
            List<WrongStart> starts = new ArrayList<>(ofTheDatabase(guarded));
            starts.addAll(ofKeys());
            starts.addAll(ofSettings());
            starts.addAll(ofRegistrationsAndCallers());
            starts.add(WrongStart.with("a port in use", "QUARKUS_HTTP_PORT", String.valueOf(port.getLocalPort())));
            ExecutorService two = Executors.newFixedThreadPool(2);
            try {
                var outputs = new LinkedHashMap<List<String>, Future<String>>();
                starts.forEach(start -> outputs.put(start.names(), two.submit(() -> output(start))));
                for (var output : outputs.entrySet()) {
                    seen.put(output.getKey(), output.getValue().get());
                }
            } finally {
                two.shutdownNow();
            }
        }
        assertThat(seen).allSatisfy((names, output) -> {
            assertThat(output.lines()).as("%s:%n%s", names, output).hasSizeBetween(2, MOST_LINES);
            for (String name : names) {
                assertThat(table.of(name))
                        .as("%s is not in the table:%n%s", name, output)
                        .isNotEmpty();
                assertThat(table.of(name))
                        .as("%s:%n%s", name, output)
                        .allMatch(line -> output.lines()
                                .anyMatch(told -> line.matcher(told.strip()).matches()));
            }
        });
    }

    private String output(WrongStart start) {
        Map<String, String> environment = PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
        start.change().accept(environment);
        var options = new ArrayList<>(OPTIONS);
        options.addAll(start.options());
        try (var application = PackagedApplication.launch(environment, options, () -> "")) {
            assertThat(application.awaitExit()).as("%s", start.names()).isEqualTo(1);
            return application.log();
        }
    }

    /** Whose users need passwords. */
    private static TestDatabase guarded(FreezablePostgres server) throws SQLException, IOException {
        TestDatabase plain = server.database();
        // Its address would name a user itself.
        var database = new TestDatabase(plain.jdbcUrl().replaceFirst("\\?.*", ""), plain.user(), plain.password());
        try (Connection connection = database.connect()) {
            var statement = connection.createStatement();
            statement.execute("create role weak login password 'weak'");
            statement.execute("create role reader login password 'reader'");
            statement.execute("alter role reader set default_transaction_read_only = on");
            statement.execute("revoke create on schema public from public");
            statement.execute("alter user postgres password 'postgres'");
            server.requirePasswords();
            statement.execute("select pg_reload_conf()");
        }
        return database;
    }

    @Test
    void whatReadmeGrantsSuffices() throws Exception {
        try (var server = FreezablePostgres.start()) {
            TestDatabase database = guarded(server);
            try (Connection connection = database.connect()) {
                var statement = connection.createStatement();
                statement.execute("create role tokenkeep login password 'tokenkeep'");
                statement.execute("grant create, usage on schema public to tokenkeep");
            }
            Map<String, String> environment = PackagedApplication.environment(database, TestKeys.directory());
            Path password = Files.writeString(files.resolve("password"), "tokenkeep\n");
            environment.put("QUARKUS_DATASOURCE_TOKENKEEP_USERNAME", "tokenkeep");
            environment.remove("QUARKUS_DATASOURCE_TOKENKEEP_PASSWORD");
            environment.put("TOKENKEEP_DATABASE_PASSWORD_FILE", password.toString());
            try (var application = PackagedApplication.start(environment)) {
                assertThat(application.probe("/q/health/ready")).isEqualTo(200);
                // What is replaced counts for connections that are made from then on.
                try (Connection connection = database.connect()) {
                    connection.createStatement().execute("alter role tokenkeep password 'another'");
                    Files.writeString(password, "another");
                    connection
                            .createStatement()
                            .execute(
                                    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'tokenkeep'");
                }
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> application.get("/v1/sessions").statusCode() == 200);
                assertThat(application.log()).doesNotContain("another");
            }
        }
    }

    /** Its binaries are fetched by the build, before the integration tests. */
    @Test
    void aPostgresThatIsTooOldIsTold() throws Exception {
        Path binaries = Path.of("target", "old-postgres", "binaries.jar");
        assumeThat(binaries).exists();
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setPgBinaryResolver((system, machine) -> archive(binaries))
                .start()) {
            String output = output(WrongStart.with(
                    "PostgreSQL before 14",
                    "QUARKUS_DATASOURCE_TOKENKEEP_JDBC_URL",
                    server.getJdbcUrl("postgres", "postgres")));
            assertThat(output.lines()).as(output).hasSizeBetween(2, MOST_LINES);
            assertThat(WhatYouSee.read().of("PostgreSQL before 14"))
                    .isNotEmpty()
                    .allMatch(line -> output.lines()
                            .anyMatch(told -> line.matcher(told.strip()).matches()));
        }
    }

    private static InputStream archive(Path binaries) throws IOException {
        try (var jar = new JarFile(binaries.toFile())) {
            JarEntry entry = jar.stream()
                    .filter(file -> file.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow();
            return new ByteArrayInputStream(jar.getInputStream(entry).readAllBytes());
        }
    }

    private static List<WrongStart> ofTheDatabase(TestDatabase guarded) {
        String url = "QUARKUS_DATASOURCE_TOKENKEEP_JDBC_URL";
        return List.of(
                WrongStart.changed("no database configured", environment -> environment.remove(url)),
                WrongStart.with("a database that does not run", url, "jdbc:postgresql://127.0.0.1:1/tokenkeep"),
                WrongStart.with("an unknown host", url, "jdbc:postgresql://db.invalid/tokenkeep"),
                WrongStart.with("an unknown database", url, guarded.jdbcUrl().replaceFirst("/[a-z]+$", "/nothing")),
                as("a wrong password", guarded, "postgres", "wrong"),
                as("a user without privileges", guarded, "weak", "weak"),
                as("a database that takes no changes", guarded, "reader", "reader"),
                WrongStart.with("too few connections", "QUARKUS_DATASOURCE_TOKENKEEP_JDBC_MAX_SIZE", "2"));
    }

    private static WrongStart as(String name, TestDatabase database, String user, String password) {
        return WrongStart.changed(name, environment -> {
            environment.put("QUARKUS_DATASOURCE_TOKENKEEP_JDBC_URL", database.jdbcUrl());
            environment.put("QUARKUS_DATASOURCE_TOKENKEEP_USERNAME", user);
            environment.put("QUARKUS_DATASOURCE_TOKENKEEP_PASSWORD", password);
        });
    }

    private List<WrongStart> ofKeys() throws IOException {
        Path shortKey = TestKeys.directory();
        Files.writeString(shortKey.resolve("k1"), "c2hvcnQ=\n");
        Path unknown = TestKeys.directory();
        Files.writeString(unknown.resolve("primary"), "k2\n");
        return List.of(
                WrongStart.changed("no keys", environment -> environment.remove("TOKENKEEP_ENCRYPTION_KEYS")),
                WrongStart.with("a key directory that is not there", "TOKENKEEP_ENCRYPTION_KEYS", "/nowhere/keys"),
                WrongStart.with("a key of a wrong length", "TOKENKEEP_ENCRYPTION_KEYS", shortKey.toString()),
                WrongStart.with("an unknown key in primary", "TOKENKEEP_ENCRYPTION_KEYS", unknown.toString()),
                WrongStart.changed("a database of other keys", WrongStartsIT::ofOtherKeys));
    }

    private static void ofOtherKeys(Map<String, String> environment) {
        var former = new HashMap<>(environment);
        former.put("TOKENKEEP_ENCRYPTION_KEYS", TestKeys.directory().toString());
        try (var application = PackagedApplication.start(former)) {
            application.terminate();
            application.awaitExit();
        }
        Path others = TestKeys.directory();
        TestKeys.newPrimary(others);
        try {
            Files.delete(others.resolve("k1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("TOKENKEEP_ENCRYPTION_KEYS", others.toString());
    }

    private List<WrongStart> ofSettings() throws IOException {
        Path file = Files.writeString(
                files.resolve("application.properties"), "tokenkeep.registration.b.issuer=https://as.example\n");
        return List.of(
                WrongStart.together(
                        WrongStart.with("a misspelt variable", "TOKENKEEP_REFRESH_MARIGN", "1M"),
                        WrongStart.option("a misspelt system property", "-Dtokenkeep.refrsh.margin=1M"),
                        WrongStart.with(
                                "a misspelt setting in a file",
                                "QUARKUS_CONFIG_LOCATIONS",
                                file.toUri().toString()),
                        WrongStart.with(
                                "a name with an underscore, by variables alone",
                                "TOKENKEEP_REGISTRATIONS_MY_AUTH0_ISSUER",
                                "https://as.example")),
                WrongStart.with("a job that ticks too often", "TOKENKEEP_REFRESH_EVERY", "500ms"),
                WrongStart.together(
                        WrongStart.with("a time that can't be read", "TOKENKEEP_REFRESH_MARGIN", "5x"),
                        WrongStart.with("a size that can't be read", "TOKENKEEP_MEMORY_MAX_SIZE", "much"),
                        WrongStart.with("a number that can't be read", "TOKENKEEP_REFRESH_BATCH", "many")));
    }

    private List<WrongStart> ofRegistrationsAndCallers() throws IOException {
        Path registrations = Files.createDirectory(files.resolve("registrations"));
        Files.writeString(registrations.resolve("crm.properties"), "client-id=c\nisuer=https://as.example\n");
        return List.of(
                WrongStart.together(
                        registration("an unknown rotation", Map.of("ROTATION", "stric")),
                        registration("no client id", Map.of("CLIENT_ID", "")),
                        registration(
                                "a secret's file that can't be read",
                                Map.of("CLIENT_SECRET", "", "CLIENT_SECRET_FILE", "/nowhere/secret")),
                        registration(
                                "a token endpoint without https", Map.of("TOKEN_ENDPOINT", "http://as.example/token")),
                        registration(
                                "a proxy of a kind that is not supported",
                                Map.of("PROXY", "socks5://proxy.example:1080"))),
                WrongStart.together(
                        registration("an unknown provider", Map.of("PROVIDER", "gogle")),
                        registration(
                                "client keys that are not there",
                                Map.of(
                                        "CLIENT_AUTHENTICATION",
                                        "private_key_jwt",
                                        "CLIENT_SECRET",
                                        "",
                                        "CLIENT_KEYS",
                                        "/nowhere/keys",
                                        "CLIENT_ASSERTION_AUDIENCE",
                                        "https://as.example"))),
                registration(
                        "client keys in a vault of which nothing is set",
                        Map.of(
                                "CLIENT_AUTHENTICATION",
                                "private_key_jwt",
                                "CLIENT_SECRET",
                                "",
                                "CLIENT_KEYS_TRANSIT",
                                "crm",
                                "CLIENT_ASSERTION_AUDIENCE",
                                "https://as.example")),
                registration("an unknown TLS configuration", Map.of("TLS_CONFIGURATION", "private")),
                WrongStart.with("a caller of an unknown issuer", "TOKENKEEP_CALLERS_IT_ISSUER", "entra"),
                WrongStart.with("an unknown permission", "TOKENKEEP_CALLERS_IT_PERMISSIONS", "tokens:raed"),
                WrongStart.with("a network that is none", "TOKENKEEP_OUTBOUND_ALLOWED_NETWORKS", "10.0.0.0/8,intranet"),
                WrongStart.with(
                        "a registration file with an error",
                        "TOKENKEEP_REGISTRATION_FILES_DIRECTORY",
                        registrations.toString()),
                WrongStart.with(
                        "registration files that are not there",
                        "TOKENKEEP_REGISTRATION_FILES_DIRECTORY",
                        "/nowhere/registrations"));
    }

    /** An empty variable is none. */
    private static WrongStart registration(String name, Map<String, String> settings) {
        String prefix = "TOKENKEEP_REGISTRATIONS_CRM_";
        return WrongStart.changed(name, environment -> {
            settings.forEach((key, value) -> environment.put(prefix + key, value));
            environment.putIfAbsent(prefix + "TOKEN_ENDPOINT", "https://as.example/token");
            environment.putIfAbsent(prefix + "CLIENT_ID", "client");
            environment.putIfAbsent(prefix + "CLIENT_SECRET", "secret");
        });
    }

    @Test
    void whatIsNotReachedIsToldByItsReason() throws Exception {
        var table = WhatYouSee.read();
        try (var untrusted = SelfSignedServer.start();
                var proxy = ConnectProxy.start(Optional.empty());
                var issuer = new MetadataOf()) {
            proxy.refuse();
            var endpoints = new LinkedHashMap<String, String>();
            endpoints.put("an authorization server of an unknown host", "https://as.invalid/token");
            endpoints.put("an authorization server that does not run", "http://127.0.0.1:1/token");
            endpoints.put(
                    "an untrusted certificate", untrusted.address("/token").toString());
            endpoints.put("a wrong token endpoint", issuer.address("/nothing").toString());
            endpoints.put("a proxy that refuses", "https://as.example/token");
            Map<String, String> environment =
                    PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
            var names = new HashMap<String, String>();
            endpoints.forEach((name, endpoint) -> {
                String registration = "R" + names.size();
                names.put(name, registration.toLowerCase(Locale.ROOT));
                settings(environment, registration, Map.of("TOKEN_ENDPOINT", endpoint));
            });
            environment.put("TOKENKEEP_REGISTRATIONS_R4_PROXY", proxy.address());
            settings(
                    environment,
                    "R5",
                    Map.of("ISSUER", issuer.address("/tenant").toString()));
            names.put("an issuer that differs by a slash", "r5");
            environment.put("TOKENKEEP_ISSUERS_AWAY_ISSUER", AWAY);
            try (var application = PackagedApplication.start(environment)) {
                names.forEach((name, registration) -> {
                    String id = application.register(
                            registration, "alice", "{\"refresh_token\":\"rt-" + registration + "\"}");
                    assertThat(application.accessToken(id).statusCode()).isEqualTo(503);
                });
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(names).allSatisfy((name, registration) -> {
                            List<Pattern> lines = table.of(name);
                            assertThat(lines).as("%s is not in the table", name).isNotEmpty();
                            assertThat(lines)
                                    .as(name)
                                    .allMatch(line -> application
                                            .log()
                                            .lines()
                                            .filter(told -> told.contains("egistration " + registration))
                                            .anyMatch(told -> line.matcher(told.replaceFirst(
                                                            "^.*?(?=Registration |Cannot discover )", ""))
                                                    .matches()));
                        }));
                assertThat(application.probe("/q/health/group/registrations")).isEqualTo(503);
                callers(application, table);
            }
        }
    }

    private static void settings(Map<String, String> environment, String registration, Map<String, String> settings) {
        String prefix = "TOKENKEEP_REGISTRATIONS_" + registration + "_";
        environment.put(prefix + "CLIENT_ID", "client");
        environment.put(prefix + "CLIENT_SECRET", "secret");
        settings.forEach((key, value) -> environment.put(prefix + key, value));
    }

    private static void callers(PackagedApplication application, WhatYouSee table) {
        Duration minute = Duration.ofMinutes(1);
        var tokens = new LinkedHashMap<String, String>();
        tokens.put(
                "a JWT of another issuer",
                CallerKeys.token("sub-it", "https://another.example", CallerKeys.AUDIENCE, minute));
        tokens.put("a JWT for another service", CallerKeys.token("sub-it", CallerKeys.ISSUER, "another", minute));
        tokens.put(
                "a JWT that has expired",
                CallerKeys.token("sub-it", CallerKeys.ISSUER, CallerKeys.AUDIENCE, minute.negated()));
        tokens.put(
                "a JWT by another algorithm",
                Jwt.subject("sub-it")
                        .issuer(CallerKeys.ISSUER)
                        .audience(CallerKeys.AUDIENCE)
                        .expiresIn(60)
                        .jws()
                        .algorithm(SignatureAlgorithm.RS512)
                        .sign(CallerKeys.privateKey()));
        tokens.put(
                "a JWT of an issuer whose keys can't be fetched",
                CallerKeys.token("sub-it", AWAY, CallerKeys.AUDIENCE, minute));
        tokens.put("a JWT that is too large", large(13_000));
        tokens.put("a caller that nobody knows", CallerKeys.token("sub-nobody"));
        // As some issuers make them, of all groups that somebody is in.
        assertThat(application.get("/v1/sessions/none", large(11_000)).statusCode())
                .isEqualTo(404);
        assertThat(tokens).allSatisfy((name, token) -> {
            HttpResponse<String> answer = application.get("/v1/sessions/none", token);
            String told = answer.statusCode() + " " + answer.body();
            assertThat(table.of(name))
                    .as("%s is not in the table:%n%s", name, told)
                    .isNotEmpty();
            assertThat(table.of(name))
                    .as("%s:%n%s", name, told)
                    .allMatch(line -> line.matcher(told).find());
        });
    }

    private static String large(int groups) {
        return Jwt.subject("sub-it")
                .issuer(CallerKeys.ISSUER)
                .audience(CallerKeys.AUDIENCE)
                .groups("g".repeat(groups))
                .expiresIn(60)
                .sign(CallerKeys.privateKey());
    }

    @Test
    void aPoolerIsTold() throws IOException {
        assumeThat(PgBouncer.installed()).isPresent();
        TestDatabase database = TestDatabase.create();
        Map<String, String> environment = PackagedApplication.environment(database, TestKeys.directory());
        try (var pooler = PgBouncer.before(database)) {
            environment.put("QUARKUS_DATASOURCE_TOKENKEEP_JDBC_URL", pooler.jdbcUrl());
            try (var application = PackagedApplication.start(environment)) {
                List<Pattern> lines = WhatYouSee.read().of("a pooler before the database");
                assertThat(lines).hasSize(2);
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(lines)
                                .allMatch(line -> application
                                        .log()
                                        .lines()
                                        .anyMatch(told -> line.matcher(told).find())));
            }
        }
    }
}
