package dev.tokenkeep.rest.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPEndpoint;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
@Timeout(60)
class SessionImportTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPEndpoint(SessionImportResource.class)
    @TestHTTPResource
    URI sessions;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    ScriptedAuthorizationServer server;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String subject = "imported-" + UUID.randomUUID();

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @BeforeEach
    void noneIsRunning() {
        await().untilAsserted(() -> assertThat(send("all", "application/x-ndjson", BodyPublishers.noBody())
                        .statusCode())
                .isEqualTo(200));
    }

    @Test
    void registersEachLineAndAnswersThemInTheirOrder() {
        List<JsonNode> answers = imported(
                line("test", server.issue(subject)),
                line("other", server.issue(subject)),
                "",
                line("test", server.issue(subject)));
        assertThat(answers)
                .extracting(SessionImportTest::told)
                .containsExactly("1 registered", "2 registered", "4 registered", "complete 3 0 0");
        for (JsonNode answer : answers.subList(0, 3)) {
            assertThat(get("/" + answer.get("id").textValue() + "/access-token").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aLineThatIsRefusedNamesItsFaultAndAffectsNoOther() {
        String good = line("test", server.issue(subject));
        List<JsonNode> answers = imported(
                "{\"registration\": ",
                "[]",
                good.replace("\"subject\"", "\"sujet\""),
                good.replace("\"registration\":\"test\"", "\"registration\":\"unknown\""),
                good.replace("refresh_token", "refreshtoken"),
                good.replace("\"subject\":\"" + subject + "\"", "\"subject\":\"" + "x".repeat(256) + "\""),
                "\"" + "x".repeat(300_000) + "\"",
                new String(new byte[] {(byte) 0xc3, 0x28}, StandardCharsets.ISO_8859_1),
                good);
        assertThat(answers.subList(0, 8))
                .extracting(answer -> answer.path("result").textValue() + " "
                        + answer.path("problem").path("member").asText("-") + " "
                        + answer.path("problem").path("status").intValue())
                .containsExactly(
                        "refused  400",
                        "refused  400",
                        "refused sujet 400",
                        "refused registration 400",
                        "refused token_response.refresh_token 400",
                        "refused subject 400",
                        "refused - 413",
                        "refused  400");
        assertThat(answers.get(1).path("problem").path("detail").textValue())
                .isEqualTo("The line must be a JSON object.");
        assertThat(answers.subList(8, 10))
                .extracting(SessionImportTest::told)
                .containsExactly("9 registered", "complete 1 0 8");
    }

    @Test
    void findsEverythingKnownWhenItIsBegunAgain() {
        String[] lines = lines(600);
        List<JsonNode> first = imported(lines);
        assertThat(told(first.get(600))).isEqualTo("complete 600 0 0");
        String refreshed = first.get(7).get("id").textValue();
        assertThat(post("/" + refreshed + "/refresh").statusCode()).isEqualTo(200);

        List<JsonNode> again = imported(lines);
        assertThat(told(again.get(600))).isEqualTo("complete 0 600 0");
        assertThat(ids(again)).isEqualTo(ids(first)).doesNotHaveDuplicates();
    }

    @Test
    void aRefreshTokenIsStoredOnceHoweverOftenAnImportHasIt() {
        IssuedTokens tokens = server.issue(subject);
        String line = line("test", tokens);
        List<JsonNode> answers = imported(line, line, line.replace(subject, "another"), line("other", tokens));
        assertThat(answers)
                .extracting(SessionImportTest::told)
                .containsExactly("1 registered", "2 known", "3 refused", "4 refused", "complete 1 1 2");
        assertThat(answers.get(2).path("problem").path("detail").textValue())
                .isEqualTo("This refresh token already belongs to a session of another subject");
        assertThat(answers.get(3).path("problem").path("detail").textValue())
                .startsWith("This refresh token already belongs to a session of registration test");
        assertThat(importedBy("sessions-write", line)
                        .get(0)
                        .path("problem")
                        .path("detail")
                        .textValue())
                .isEqualTo("This refresh token already belongs to another session");
    }

    @Test
    void importsOfTheSameTokensAtOnceStoreEachOnce() {
        List<String> lines = new ArrayList<>(List.of(lines(1000)));
        CompletableFuture<List<JsonNode>> one =
                CompletableFuture.supplyAsync(() -> importedBy("all", lines.toArray(String[]::new)));
        List<String> reversed = new ArrayList<>(lines);
        Collections.reverse(reversed);
        List<JsonNode> other = importedBy("sessions-write", reversed.toArray(String[]::new));
        JsonNode end = one.join().get(1000);
        JsonNode otherEnd = other.get(1000);
        assertThat(end.get("end").textValue()).isEqualTo("complete");
        assertThat(otherEnd.get("end").textValue()).isEqualTo("complete");
        assertThat(end.get("registered").intValue() + otherEnd.get("registered").intValue())
                .isEqualTo(1000);
        assertThat(end.get("refused").intValue())
                .isEqualTo(otherEnd.get("registered").intValue());
        assertThat(new Sql(database).select("select count(*) from tokenkeep_session where subject = '" + subject + "'"))
                .isEqualTo("1000");
    }

    /** Bodies of other calls may have 256 KiB. */
    @Test
    void mayHaveAnyLengthWhetherToldOrNot() {
        String body = String.join("\n", lines(6000));
        assertThat(body.length()).isGreaterThan(1024 * 1024);
        assertThat(told(last(send("all", "application/x-ndjson", BodyPublishers.ofString(body)))))
                .isEqualTo("complete 6000 0 0");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        BodyPublisher chunked = BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(bytes));
        assertThat(told(last(send("all", "application/x-ndjson", chunked)))).isEqualTo("complete 0 6000 0");
    }

    /** PostgreSQL keeps plans that it made while the table was small. For each line they would read the whole table. */
    @Test
    void readsNoWholeTableHoweverFastItGrows() {
        var sql = new Sql(database);
        sql.execute("delete from tokenkeep_session");
        sql.execute("vacuum analyze tokenkeep_session");
        for (int registered = 0; registered < 20; registered++) {
            imported(lines(20));
        }
        long before = readByScans(sql);
        assertThat(told(imported(lines(6000)).get(6000))).isEqualTo("complete 6000 0 0");
        assertThat(readByScans(sql) - before).isLessThan(1_000_000);
    }

    private static long readByScans(Sql sql) {
        sql.execute("select pg_stat_force_next_flush()");
        return Long.parseLong(
                sql.select("select seq_tup_read from pg_stat_user_tables where relname = 'tokenkeep_session'"));
    }

    @Test
    void answersWhileTheBodyIsStillBeingSent() throws IOException {
        try (var begun = new BegunImport()) {
            begun.send(line("test", server.issue(subject)));
            assertThat(begun.answer()).isEqualTo("1 registered");
            begun.send("nonsense");
            assertThat(begun.answer()).isEqualTo("2 refused");
            begun.end();
            assertThat(begun.answer()).isEqualTo("complete 1 0 1");
        }
    }

    /** Many HTTP clients send the whole body before they read anything. */
    @Test
    void doesNotWaitForACallerThatReadsNoAnswersYet() throws IOException {
        try (var begun = new BegunImport()) {
            for (int sent = 0; sent < 600; sent++) {
                begun.send("\n".repeat(99).replace("\n", "nonsense\n") + "nonsense");
            }
            begun.end();
            assertThat(begun.answer()).isEqualTo("1 refused");
            String last = begun.answer();
            for (int line = 2; line <= 60_000; line++) {
                last = begun.answer();
            }
            assertThat(last).isEqualTo("complete 0 0 60000");
        }
    }

    @Test
    void aCallerHasOneImportAtATime() throws IOException {
        try (var begun = new BegunImport()) {
            begun.send("nonsense");
            assertThat(begun.answer()).isEqualTo("1 refused");
            HttpResponse<Stream<String>> second = send("all", "application/x-ndjson", BodyPublishers.noBody());
            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(second.headers().firstValue("Retry-After")).hasValue("10");
            assertThat(told(importedBy("sessions-write", "nonsense").get(1))).isEqualTo("complete 0 0 1");
            begun.end();
            assertThat(begun.answer()).isEqualTo("complete 0 0 1");
        }
    }

    @Test
    void aBodyThatBreaksOffKeepsWhatCameBefore() throws IOException {
        String line = line("test", server.issue(subject));
        try (var begun = new BegunImport()) {
            begun.send(line);
            assertThat(begun.answer()).isEqualTo("1 registered");
            begun.write("1000\r\n" + line.substring(0, 20));
        }
        noneIsRunning();
        assertThat(told(imported(line).get(0))).isEqualTo("1 known");
    }

    @Test
    void everySessionHasItsAuditEntry() {
        try (var audit = LogLines.of("dev.tokenkeep.audit")) {
            imported(line("test", server.issue(subject)), "nonsense", line("test", server.issue(subject)));
            assertThat(audit.with("\"operation\":\"importSessions\"")).hasSize(3);
            assertThat(audit.with("\"session\""))
                    .hasSize(2)
                    .allSatisfy(entry -> assertThat(entry)
                            .contains("\"caller\":\"all\"", "\"registration\":\"test\"", "\"decision\":\"allowed\""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sessions-read, application/x-ndjson, 403",
        "all, application/json, 415",
        "nobody, application/x-ndjson, 403"
    })
    void refusesWhatNoImportCanBe(String caller, String type, int status) {
        assertThat(send(caller, type, BodyPublishers.ofString("nonsense")).statusCode())
                .isEqualTo(status);
    }

    @Test
    void removesTheSessionsOfARegistration() {
        importedBy("narrow", line("other", server.issue(subject)), line("other", server.issue("bob")));
        HttpResponse<String> removed = call("narrow", "DELETE", "?registration=other");
        assertThat(removed.statusCode()).isEqualTo(200);
        assertThat(read(removed.body()).get("removed").intValue()).isGreaterThanOrEqualTo(2);
        assertThat(read(removed.body()).get("complete").booleanValue()).isTrue();
        assertThat(read(call("narrow", "GET", "?registration=other").body()).get("items"))
                .isEmpty();
        assertThat(call("narrow", "DELETE", "?registration=test").statusCode()).isEqualTo(403);
        assertThat(call("narrow", "DELETE", "").statusCode()).isEqualTo(400);
    }

    /** An import whose body is sent line by line, in chunks. Most HTTP clients read nothing before they have sent all. */
    private final class BegunImport implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader answers;
        private final Deque<String> lines = new ArrayDeque<>();
        private String received = "";

        BegunImport() throws IOException {
            socket = new Socket(sessions.getHost(), sessions.getPort());
            socket.setSoTimeout(20_000);
            answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            write("POST /v1/sessions/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + CallerKeys.token("sub-all")
                    + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        void write(String octets) throws IOException {
            socket.getOutputStream().write(octets.getBytes(StandardCharsets.UTF_8));
        }

        void send(String line) throws IOException {
            write(Integer.toHexString(line.length() + 1) + "\r\n" + line + "\n\r\n");
        }

        String answer() throws IOException {
            while (lines.isEmpty()) {
                assertThat(isOver()).as("the response has ended").isFalse();
            }
            return told(read(lines.remove()));
        }

        /** Reads on, past the headers and the sizes of chunks. Returns whether the connection has ended. */
        boolean isOver() throws IOException {
            String size = answers.readLine();
            if (size == null) {
                return true;
            }
            if (size.matches("[0-9a-f]+")) {
                var chunk = new char[Integer.parseInt(size, 16)];
                for (int at = 0; at < chunk.length; ) {
                    at += answers.read(chunk, at, chunk.length - at);
                }
                received += new String(chunk);
                int end = received.lastIndexOf('\n') + 1;
                received.substring(0, end).lines().forEach(lines::add);
                received = received.substring(end);
            }
            return false;
        }

        void end() throws IOException {
            write("0\r\n\r\n");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private List<JsonNode> imported(String... lines) {
        return importedBy("all", lines);
    }

    private List<JsonNode> importedBy(String caller, String... lines) {
        BodyPublisher body = BodyPublishers.ofByteArray(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        HttpResponse<Stream<String>> response = send(caller, "application/x-ndjson", body);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        return response.body().map(SessionImportTest::read).toList();
    }

    private HttpResponse<Stream<String>> send(String caller, String type, BodyPublisher body) {
        return client.sendAsync(request(caller, type, body), BodyHandlers.ofLines())
                .join();
    }

    private HttpRequest request(String caller, String type, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(sessions + "/import"))
                .header("Authorization", "Bearer " + CallerKeys.token("sub-" + caller))
                .header("Content-Type", type)
                .POST(body)
                .build();
    }

    private HttpResponse<String> get(String path) {
        return call("all", "GET", path);
    }

    private HttpResponse<String> post(String path) {
        return call("all", "POST", path);
    }

    private HttpResponse<String> call(String caller, String method, String path) {
        return client.sendAsync(
                        HttpRequest.newBuilder(URI.create(sessions + path))
                                .header("Authorization", "Bearer " + CallerKeys.token("sub-" + caller))
                                .method(method, BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .join();
    }

    private String[] lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> line("test", server.issue(subject)))
                .toArray(String[]::new);
    }

    private String line(String registration, IssuedTokens tokens) {
        return "{\"registration\":\"" + registration + "\",\"subject\":\"" + subject + "\",\"token_response\":"
                + tokens.json() + "}";
    }

    private static String told(JsonNode answer) {
        return answer.has("end")
                ? answer.get("end").textValue() + " " + answer.get("registered").intValue() + " "
                        + answer.get("known").intValue() + " "
                        + answer.get("refused").intValue()
                : answer.get("line").intValue() + " " + answer.get("result").textValue();
    }

    private static JsonNode last(HttpResponse<Stream<String>> response) {
        List<String> lines = response.body().toList();
        return read(lines.get(lines.size() - 1));
    }

    private static List<String> ids(List<JsonNode> answers) {
        return answers.stream()
                .filter(answer -> answer.has("id"))
                .map(answer -> answer.get("id").textValue())
                .toList();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + json, e);
        }
    }
}
