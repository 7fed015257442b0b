package dev.tokenkeep.lifecycle;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import dev.tokenkeep.settings.Replaceable;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import dev.tokenkeep.time.Ticker;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registration that was renamed keeps its sessions. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class FormerNamesTest {

    private final String former = "former-" + UUID.randomUUID();
    private final String present = "present-" + UUID.randomUUID();

    ScriptedAuthorizationServer server;

    @Inject
    FormerNamesJob job;

    @Inject
    RevocationJob revocations;

    @Inject
    ClientRegistrations registrations;

    @Inject
    Ticker ticker;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @BeforeEach
    void configured() {
        registrations.publishFiles(file(former, ""));
    }

    @AfterEach
    void asUsual() {
        server.asUsual();
        registrations.publishFiles(Map.of());
    }

    private Map<String, Replaceable<ClientRegistration>> file(String name, String formerNames) {
        var settings = new HashMap<>(Map.of(
                "token-endpoint",
                server.tokenEndpoint().toString(),
                "revocation-endpoint",
                server.revocationEndpoint().toString(),
                "client-id",
                ScriptedAuthorizationServer.CLIENT_ID,
                "client-secret",
                ScriptedAuthorizationServer.CLIENT_SECRET));
        if (!formerNames.isEmpty()) {
            settings.put("former-names", formerNames);
        }
        ClientRegistration registration = TestClientRegistrations.named(name, settings);
        return Map.of(name, new Replaceable<>(name, registration, List.of(), any -> registration, ticker));
    }

    private void rename() {
        registrations.publishFiles(file(present, former));
    }

    private static RequestSpecification all() {
        return given().auth().oauth2(CallerKeys.token("sub-all")).contentType("application/json");
    }

    private static String registered(String registration, IssuedTokens tokens) {
        return all().body("{\"registration\":\"" + registration + "\",\"subject\":\"" + UUID.randomUUID()
                        + "\",\"token_response\":" + tokens.json() + "}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static String registrationOf(String session) {
        return all().get("/v1/sessions/" + session)
                .then()
                .statusCode(200)
                .extract()
                .path("registration");
    }

    private static String token(String session) {
        return all().get("/v1/sessions/" + session + "/access-token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    private static void refresh(String session, int status) {
        all().body("{}").post("/v1/sessions/" + session + "/refresh").then().statusCode(status);
    }

    @Test
    void itsSessionsGoOnUnderTheNewName() {
        IssuedTokens tokens = server.issue("alice");
        String session = registered(former, tokens);
        refresh(session, 200);
        String before = token(session);
        rename();
        job.tick();
        assertThat(registrationOf(session)).isEqualTo(present);
        assertThat(token(session)).isEqualTo(before);
        refresh(session, 200);
        assertThat(token(session)).isNotEqualTo(before);
        all().get("/v1/sessions/" + session).then().body("status", equalTo("ACTIVE"));
    }

    @Test
    void aSessionThatIsBeingRefreshedWaitsForItsResult() {
        String session = registered(former, server.issue("bob"));
        new Sql(database)
                .execute("update tokenkeep_session set lease_until = now() + interval '1 minute' where id = '" + session
                        + "'");
        rename();
        job.tick();
        assertThat(registrationOf(session)).isEqualTo(former);
        new Sql(database).execute("update tokenkeep_session set lease_until = null where id = '" + session + "'");
        job.tick();
        assertThat(registrationOf(session)).isEqualTo(present);
        refresh(session, 200);
    }

    @Test
    void theFormerNameStillFindsIt() {
        rename();
        String session = registered(former, server.issue("carol"));
        assertThat(registrationOf(session)).isEqualTo(present);
        all().get("/v1/sessions?registration=" + former)
                .then()
                .statusCode(200)
                .body("items.find { it.id == '" + session + "' }.registration", equalTo(present));
    }

    @Test
    void whatWaitsToBeRevokedUnderTheFormerNameIsRevoked() {
        IssuedTokens tokens = server.issue("dave");
        String session = registered(former, tokens);
        all().delete("/v1/sessions/" + session).then().statusCode(204);
        rename();
        revocations.tick();
        await().untilAsserted(() -> assertThat(server.ledger().revocations()).contains(tokens.refreshToken()));
    }

    /** It has one session under each name, and the index allows no two under one. */
    @Test
    void aRefreshTokenOfBothNamesKeepsNoOtherFromItsNewName() {
        IssuedTokens twice = server.issue("erin");
        String first = registered(former, twice);
        String other = registered(former, server.issue("frank"));
        new Sql(database)
                .execute("update tokenkeep_session set registration = '" + present + "' where id = '" + first + "'");
        String second = registered(former, twice);
        rename();
        job.tick();
        assertThat(registrationOf(other)).isEqualTo(present);
        assertThat(registrationOf(second)).isEqualTo(former);
    }

    @Test
    void nobodyElseCanHaveTheFormerName() {
        rename();
        given().auth()
                .oauth2(CallerKeys.token("sub-registrations-admin"))
                .contentType("application/json")
                .body(
                        "{\"settings\":{\"token-endpoint\":\"https://as.example/token\",\"client-id\":\"c\",\"client-secret\":\"s\"}}")
                .put("/v1/registrations/" + former)
                .then()
                .statusCode(409)
                .body("type", endsWith("registration-configured"));
    }
}
