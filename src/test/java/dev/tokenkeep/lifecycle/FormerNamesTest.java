package dev.tokenkeep.lifecycle;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

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
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A registration that was renamed keeps the sessions of its former name. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class FormerNamesTest {

    private static final String PRESENT = "other";
    private static final String FORMER = "elsewhere";

    private final String subject = UUID.randomUUID().toString();

    ScriptedAuthorizationServer server;

    @Inject
    RevocationJob revocations;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @AfterEach
    void clear() {
        new Sql(database).execute("delete from tokenkeep_session");
        new Sql(database).execute("delete from tokenkeep_revocation");
    }

    private static RequestSpecification by(String caller) {
        return given().auth().oauth2(CallerKeys.token(caller)).contentType("application/json");
    }

    /** May use {@value #PRESENT}, and nothing else. */
    private static RequestSpecification narrow() {
        return by("sub-narrow");
    }

    private String session(String registration, IssuedTokens tokens) {
        return narrow().body("{\"registration\":\"" + registration + "\",\"subject\":\"" + subject
                        + "\",\"token_response\":" + tokens.json() + "}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .body("registration", equalTo(registration))
                .extract()
                .path("id");
    }

    @Test
    void itsSessionsAreReadAndRefreshed() {
        IssuedTokens tokens = server.issue("alice");
        String id = session(FORMER, tokens);
        narrow().get("/v1/sessions/" + id + "/access-token")
                .then()
                .statusCode(200)
                .body("access_token", equalTo(tokens.accessToken()));
        narrow().body("{}").post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
        assertThat(server.ledger().refreshesOf(tokens.refreshToken())).isEqualTo(1);
    }

    @Test
    void thePresentNameFindsThem() {
        String before = session(FORMER, server.issue("bob"));
        narrow().get("/v1/access-token?registration=" + PRESENT + "&subject=" + subject)
                .then()
                .statusCode(200)
                .header("Content-Location", endsWith(before + "/access-token"));
        narrow().get("/v1/sessions?registration=" + PRESENT + "&subject=" + subject)
                .then()
                .statusCode(200)
                .body("items.id", contains(before));
        narrow().delete("/v1/sessions?registration=" + PRESENT + "&subject=" + subject)
                .then()
                .statusCode(200);
        narrow().get("/v1/sessions?registration=" + FORMER + "&subject=" + subject)
                .then()
                .body("items", empty());
    }

    @Test
    void theFormerNameFindsOnlyItsOwn() {
        String before = session(FORMER, server.issue("carol"));
        session(PRESENT, server.issue("carol"));
        narrow().get("/v1/sessions?registration=" + FORMER + "&subject=" + subject)
                .then()
                .body("items.id", contains(before));
    }

    /** As with two registrations of one client. */
    @Test
    void aRefreshTokenOfASessionMakesNoSecondOneUnderThePresentName() {
        IssuedTokens tokens = server.issue("dave");
        String before = session(FORMER, tokens);
        narrow().body("{\"registration\":\"" + PRESENT + "\",\"subject\":\"" + subject + "\",\"token_response\":"
                        + tokens.json() + "}")
                .post("/v1/sessions")
                .then()
                .statusCode(409);
        narrow().get("/v1/sessions?registration=" + PRESENT + "&subject=" + subject)
                .then()
                .body("items.id", contains(before));
    }

    @Test
    void theirRefreshTokensAreRevokedWhenTheyAreRemoved() {
        IssuedTokens tokens = server.issue("erin");
        String id = session(FORMER, tokens);
        narrow().delete("/v1/sessions/" + id).then().statusCode(204);
        revocations.tick();
        await().untilAsserted(() -> assertThat(server.ledger().revocations()).contains(tokens.refreshToken()));
    }

    @Test
    void itShowsTheSettingsOfThePresentName() {
        by("sub-all")
                .get("/v1/registrations/" + FORMER)
                .then()
                .statusCode(200)
                .body("state.name", equalTo(FORMER))
                .body("settings.find { it.key == 'former-names' }.value", equalTo(FORMER))
                .body("settings.find { it.key == 'client-id' }.value", equalTo(ScriptedAuthorizationServer.CLIENT_ID));
    }

    @Test
    void nobodyCanAddARegistrationOfAFormerName() {
        by("sub-registrations-admin")
                .body("{\"settings\":{\"token-endpoint\":\"https://as.example/token\",\"client-id\":\"c\","
                        + "\"client-secret\":\"s\"}}")
                .put("/v1/registrations/" + FORMER)
                .then()
                .statusCode(409)
                .body("type", endsWith("registration-configured"));
    }
}
