package dev.tokenkeep.rest.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The query of the page "Moving from another store", on the table that Spring Security documents. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class MovingTest {

    private static final Pattern QUERY = Pattern.compile("```sql\\n(select json_strip_nulls.*?)```", Pattern.DOTALL);

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    ScriptedAuthorizationServer server;

    private final String subject = "moved-" + UUID.randomUUID();

    /** As {@code oauth2-client-schema-postgres.sql} of Spring Security has it. */
    @BeforeEach
    void springsTable() {
        new Sql(database).execute("""
                create table oauth2_authorized_client (
                  client_registration_id varchar(100) NOT NULL,
                  principal_name varchar(200) NOT NULL,
                  access_token_type varchar(100) NOT NULL,
                  access_token_value bytea NOT NULL,
                  access_token_issued_at timestamp NOT NULL,
                  access_token_expires_at timestamp NOT NULL,
                  access_token_scopes varchar(1000) DEFAULT NULL,
                  refresh_token_value bytea DEFAULT NULL,
                  refresh_token_issued_at timestamp DEFAULT NULL,
                  created_at timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL,
                  PRIMARY KEY (client_registration_id, principal_name))""");
    }

    @AfterEach
    void gone() {
        new Sql(database).execute("drop table oauth2_authorized_client");
    }

    @Test
    void springsClientsAreMovedWithTheirTokensScopesAndTimes() throws IOException {
        Instant end = Instant.now().plusSeconds(1000).truncatedTo(ChronoUnit.SECONDS);
        IssuedTokens tokens = server.issue(subject);
        insert(subject, tokens, "'read,write'", end, "convert_to('" + tokens.refreshToken() + "', 'UTF8')");
        insert(subject + "-2", server.issue(subject), "null", end, "null");

        String body = new Sql(database).select("select string_agg(line::text, chr(10)) from (" + query() + ") q(line)");
        List<String> answers = RestAssured.given()
                .header("Authorization", "Bearer " + CallerKeys.token("sub-all"))
                .header("Content-Type", "application/x-ndjson")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post("/v1/sessions/import")
                .asString()
                .lines()
                .toList();

        assertThat(answers).hasSize(2);
        assertThat(answers.get(1)).isEqualTo("{\"end\":\"complete\",\"registered\":1,\"known\":0,\"refused\":0}");
        JsonNode session = new ObjectMapper()
                .readTree(RestAssured.given()
                        .header("Authorization", "Bearer " + CallerKeys.token("sub-all"))
                        .get("/v1/sessions?subject=" + subject)
                        .asString())
                .at("/items/0");
        assertThat(session.get("scope").textValue()).isEqualTo("read write");
        assertThat(Instant.parse(session.get("access_token_expires_at").textValue()))
                .isBetween(end.minusSeconds(2), end.plusSeconds(2));
        RestAssured.given()
                .contentType("application/json")
                .header("Authorization", "Bearer " + CallerKeys.token("sub-all"))
                .post("/v1/sessions/" + session.get("id").textValue() + "/refresh")
                .then()
                .statusCode(200);
        assertThat(server.ledger().timesSpent(tokens.refreshToken())).isEqualTo(1);
    }

    private void insert(String principal, IssuedTokens tokens, String scopes, Instant end, String refreshToken) {
        new Sql(database)
                .execute("insert into oauth2_authorized_client values ('test', '" + principal
                        + "', 'Bearer', convert_to('"
                        + tokens.accessToken() + "', 'UTF8'), now(), to_timestamp(" + end.getEpochSecond()
                        + ") at time zone 'UTC', " + scopes + ", " + refreshToken + ", null)");
    }

    private static String query() throws IOException {
        Matcher query = QUERY.matcher(Files.readString(Path.of("src", "docs", "moving.md")));
        assertThat(query.find()).isTrue();
        return query.group(1);
    }
}
