package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of every length, told or not, and a database that fails. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class TransportTest {

    @TestHTTPResource
    URI base;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @ParameterizedTest
    @ValueSource(ints = {300_000, 900_000, 3_000_000})
    void refusesABodyThatDoesNotTellItsLength(int length) throws IOException {
        int chunks = length / 30_000;
        String chunk = "7530\r\n" + "x".repeat(30_000) + "\r\n";
        refused("Transfer-Encoding: chunked", chunk.repeat(chunks) + "0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"262145", "3000000", "9223372036854775807"})
    void refusesABodyThatTellsItsLengthBeforeItIsSent(String length) throws IOException {
        refused("Content-Length: " + length, "");
    }

    @Test
    void readsABodyOfTheLargestLength() throws IOException {
        String body = " ".repeat(Problem.MAX_BODY);
        assertThat(answer("Content-Length: " + body.length(), body))
                .contains(" 400 ")
                .contains("\"member\":\"\"");
    }

    private void refused(String header, String body) throws IOException {
        assertThat(answer(header, body))
                .startsWith("HTTP/1.1 413 ")
                .containsIgnoringCase("content-type: application/problem+json")
                .containsIgnoringCase("cache-control: no-store")
                .contains("urn:tokenkeep:problem:body-too-large");
    }

    /** Writes on a thread of its own: who refuses a body does not read it to its end. */
    private String answer(String header, String body) throws IOException {
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            String request = "POST /v1/sessions HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nAuthorization: Bearer " + CallerKeys.token("sub-all") + "\r\n"
                    + header + "\r\n\r\n" + body;
            var writer = new Thread(() -> {
                try {
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException refused) {
                    // The answer tells.
                }
            });
            writer.start();
            var answer = new StringBuilder();
            try {
                for (int read = socket.getInputStream().read();
                        read >= 0;
                        read = socket.getInputStream().read()) {
                    answer.append((char) read);
                }
            } catch (IOException reset) {
                // What came before it counts.
            }
            return answer.toString();
        }
    }

    @Test
    void tellsThatTheStorageFailsAndRecovers() {
        execute("alter table tokenkeep_session rename to gone");
        try {
            as("all")
                    .get("/v1/sessions")
                    .then()
                    .statusCode(503)
                    .contentType(Problem.MEDIA_TYPE)
                    .header("Retry-After", "1")
                    .header("Cache-Control", "no-store")
                    .body("type", equalTo("urn:tokenkeep:problem:storage-unavailable"))
                    .body(not(containsString("tokenkeep_session")));
        } finally {
            execute("alter table gone rename to tokenkeep_session");
        }
        as("all").get("/v1/sessions").then().statusCode(200);
    }

    private void execute(String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
