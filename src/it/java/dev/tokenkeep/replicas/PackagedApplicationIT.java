package dev.tokenkeep.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application as an operator runs it: configured by environment and files alone. */
class PackagedApplicationIT {

    private final TestDatabase database = TestDatabase.create();
    private final Path keys = TestKeys.directory();
    private ScriptedAuthorizationServer server;
    private Map<String, String> environment;

    @TempDir
    Path files;

    @BeforeEach
    void configure() {
        server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(6));
        environment = PackagedApplication.environment(database, keys);
        environment.put("TOKENKEEP_REFRESH_BACKOFF_MAX", "1S");
        Environments.registration(environment, server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void refreshesByItselfAndKeepsNoTokenInTheClear() throws SQLException, IOException {
        Path secret = files.resolve("secret");
        Files.writeString(secret, ScriptedAuthorizationServer.CLIENT_SECRET + "\n");
        environment.remove("TOKENKEEP_REGISTRATIONS_TEST_CLIENT_SECRET");
        environment.put("TOKENKEEP_REGISTRATIONS_TEST_CLIENT_SECRET_FILE", secret.toString());
        try (var application = PackagedApplication.start(environment)) {
            for (String probe : List.of("started", "live", "ready")) {
                assertThat(application.probe("/q/health/" + probe)).isEqualTo(200);
            }
            // On a new database nothing asks for tables before they are made.
            assertThat(application.log()).doesNotContain(" ERROR ", " WARN  [org.hibernate");
            IssuedTokens issued = server.issue("alice");
            String id = application.register("test", "alice", issued.json());
            await().atMost(Duration.ofSeconds(20)).until(() -> server.ledger().refreshesOf(issued.refreshToken()) >= 2);
            String served = Json.of(application.accessToken(id).body())
                    .get("access_token")
                    .textValue();
            assertThat(server.isActive(served)).isTrue();
            String dump = dump() + pgDump();
            assertThat(dump).contains(id).doesNotContain("at-").doesNotContain("rt-");
            assertThat(application.log())
                    .doesNotContain(served)
                    .doesNotContain(issued.refreshToken())
                    .doesNotContain(ScriptedAuthorizationServer.CLIENT_SECRET);
            // Nothing stands before the JSON of what is audited.
            assertThat(application.log().lines().filter(line -> line.contains("\"readAccessToken\"")))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(Json.of(line).get("decision").textValue())
                            .isEqualTo("allowed"));
        }
    }

    /** Everything that a dump of the database would hold, as text and as bytes. */
    private String dump() throws SQLException {
        var dump = new StringBuilder();
        try (Connection connection = database.connect()) {
            for (String table : tables(connection)) {
                try (var rows = connection.createStatement().executeQuery("select t::text from " + table + " t")) {
                    while (rows.next()) {
                        dump.append(rows.getString(1)).append('\n');
                        dump.append(readable(rows.getString(1))).append('\n');
                    }
                }
            }
        }
        return dump.toString();
    }

    /** The same by {@code pg_dump}, where one is at hand that is not older than the server; nothing otherwise. */
    private String pgDump() throws IOException {
        Path output = files.resolve("dump.sql");
        var dump = new ProcessBuilder(
                        "pg_dump",
                        "--file=" + output,
                        "--dbname=" + database.jdbcUrl().replaceFirst("^jdbc:", ""))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        dump.environment().put("PGPASSWORD", database.password());
        try {
            if (dump.start().waitFor() != 0) {
                return "";
            }
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
        String sql = Files.readString(output);
        assertThat(sql).contains("COPY public.tokenkeep_session");
        return sql + readable(sql);
    }

    /** What {@code bytea} columns hold, read as characters. */
    private static String readable(String row) {
        var text = new StringBuilder();
        var hex = Pattern.compile("x([0-9a-f]{2,})").matcher(row);
        while (hex.find()) {
            String digits = hex.group(1).substring(0, hex.group(1).length() / 2 * 2);
            for (byte b : HexFormat.of().parseHex(digits)) {
                text.append((char) (b & 0xFF));
            }
        }
        return text.toString();
    }

    private static List<String> tables(Connection connection) throws SQLException {
        var tables = new ArrayList<String>();
        try (var found = connection
                .createStatement()
                .executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
            while (found.next()) {
                tables.add(found.getString(1));
            }
        }
        assertThat(tables).contains("tokenkeep_session");
        return tables;
    }

    @Test
    void outlivesItsAuthorizationServerAndLogsJsonWhereThatIsSet() {
        environment.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true");
        try (var application = PackagedApplication.start(environment)) {
            String id =
                    application.register("test", "alice", server.issue("alice").json());
            server.down();
            assertThat(application.accessToken(id).statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                var answer = application.accessToken(id);
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertThat(Json.of(answer.body()).get("type").textValue())
                        .isEqualTo("urn:tokenkeep:problem:authorization-server-unavailable");
            });
            server.up();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(application.accessToken(id).statusCode()).isEqualTo(200));
            assertThat(Json.of(application.get("/v1/sessions/" + id).body())
                            .get("status")
                            .textValue())
                    .isEqualTo("ACTIVE");
            assertThat(server.ledger().spentTwice()).isEmpty();
            assertThat(application.log().lines()).allSatisfy(line -> Json.of(line));
        }
    }

    @Test
    void refusesToStartWithoutAKeyOrWithABadRegistrationAndNamesTheKey() {
        refuses(Map.of("TOKENKEEP_ENCRYPTION_KEYS", ""), "tokenkeep.encryption.keys");
        refuses(
                Map.of(
                        "TOKENKEEP_REGISTRATIONS_TEST_CLIENT_AUTHENTICATION", "magic",
                        "TOKENKEEP_REGISTRATIONS_TEST_TOKEN_ENDPOINT", "http://as.example.com/token"),
                "tokenkeep.registrations.test.client-authentication",
                "tokenkeep.registrations.test.token-endpoint");
        refuses(
                Map.of(
                        "QUARKUS_TLS_TRUST_ALL", "true",
                        "TOKENKEEP_REGISTRATIONS_TEST_TLS_CONFIGURATION", "nowhere"),
                "quarkus.tls.trust-all",
                "tokenkeep.registrations.test.tls-configuration");
    }

    private void refuses(Map<String, String> wrong, String... keys) {
        var changed = new HashMap<>(environment);
        changed.putAll(wrong);
        try (var application = PackagedApplication.launch(changed)) {
            assertThat(application.awaitExit()).isNotZero();
            for (String key : keys) {
                assertThat(application.log()).contains(key + ": ");
            }
            assertThat(application.log()).doesNotContain(ScriptedAuthorizationServer.CLIENT_SECRET);
        }
    }
}
