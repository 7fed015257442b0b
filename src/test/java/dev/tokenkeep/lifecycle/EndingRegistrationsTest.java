package dev.tokenkeep.lifecycle;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Registrations that are removed with their sessions. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class EndingRegistrationsTest {

    private static final String NAME = "acme-ending";

    ScriptedAuthorizationServer server;

    @Inject
    EndingRegistrations job;

    @Inject
    RevocationJob revocations;

    @Inject
    PurgeJob purge;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    private static RequestSpecification as(String caller) {
        return given().auth().oauth2(CallerKeys.token("sub-" + caller)).contentType("application/json");
    }

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    private int put() {
        return as("provisioner")
                .body("""
                        {"settings": {"token-endpoint": "%s", "revocation-endpoint": "%s", "client-id": "%s",
                                      "client-secret": "%s"}}""".formatted(
                                server.tokenEndpoint(),
                                server.revocationEndpoint(),
                                ScriptedAuthorizationServer.CLIENT_ID,
                                ScriptedAuthorizationServer.CLIENT_SECRET))
                .put("/v1/registrations/" + NAME)
                .statusCode();
    }

    private String select(String sql) {
        return new Sql(database).select(sql);
    }

    /** Its settings are deleted by then, so nobody can revoke with them. */
    @Test
    void theSessionsCanStillBeRemovedAfterTheRegistration() {
        assertThat(put()).isEqualTo(201);
        register("late");
        as("provisioner").delete("/v1/registrations/" + NAME).then().statusCode(204);
        as("provisioner")
                .delete("/v1/registrations/" + NAME + "?sessions=remove")
                .then()
                .statusCode(204);
        awaitEnd();
        assertThat(select("select count(*) from tokenkeep_session where registration = '" + NAME + "'"))
                .isEqualTo("0");
        as("provisioner")
                .delete("/v1/registrations/" + NAME + "?sessions=remove")
                .then()
                .statusCode(404);
    }

    /** A replica that has not heard of the change would send the token to another server. */
    @Test
    void revokesNothingWithARegistrationThatHasBecomeAnothers() {
        assertThat(put()).isEqualTo(201);
        IssuedTokens tokens = register("changed");
        String id =
                select("select id from tokenkeep_session where registration = '" + NAME + "' and status = 'ACTIVE'");
        as("provisioner").delete("/v1/sessions/" + id).then().statusCode(204);
        String own = select("select destination from tokenkeep_registration where name = '" + NAME + "'");
        execute("update tokenkeep_registration set destination = 'another' where name = '" + NAME + "'");
        revocations.tick();
        assertThat(select("select attempts from tokenkeep_revocation where registration = '" + NAME + "'"))
                .isEqualTo("0");
        execute("update tokenkeep_registration set destination = '" + own + "' where name = '" + NAME + "'");
        await().untilAsserted(() -> {
            revocations.tick();
            assertThat(server.ledger().revocations()).contains(tokens.refreshToken());
        });
        as("provisioner")
                .delete("/v1/registrations/" + NAME + "?sessions=remove")
                .then()
                .statusCode(204);
        awaitEnd();
    }

    private IssuedTokens register(String subject) {
        IssuedTokens tokens = server.issue(subject);
        as("provisioner")
                .body("{\"registration\":\"" + NAME + "\",\"subject\":\"" + subject + "\",\"token_response\":"
                        + tokens.json() + "}")
                .post("/v1/sessions")
                .then()
                .statusCode(201);
        return tokens;
    }

    private void execute(String sql) {
        new Sql(database).execute(sql);
    }

    private void awaitEnd() {
        await().untilAsserted(() -> {
            job.tick();
            revocations.tick();
            purge.tick();
            assertThat(select("select state from tokenkeep_registration where name = '" + NAME + "'"))
                    .isEqualTo("REMOVED");
        });
    }

    @Test
    void itsRefreshTokensAreRevokedBeforeItIsForgotten() {
        assertThat(put()).isEqualTo(201);
        List<IssuedTokens> issued = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            issued.add(register("user-" + i));
        }
        as("provisioner")
                .delete("/v1/registrations/" + NAME + "?sessions=remove")
                .then()
                .statusCode(204);
        as("provisioner").get("/v1/registrations/" + NAME).then().statusCode(404);
        as("provisioner")
                .body(
                        "{\"settings\": {\"issuer\": \"https://as.example\", \"client-id\": \"c\", \"client-secret\": \"s\"}}")
                .put("/v1/registrations/" + NAME)
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:tokenkeep:problem:registration-in-use"));
        awaitEnd();
        assertThat(server.ledger().revocations())
                .containsAll(issued.stream().map(IssuedTokens::refreshToken).toList());
        assertThat(select("select count(*) from tokenkeep_session where registration = '" + NAME + "'"))
                .isEqualTo("0");
        // The name is free again, for any client.
        assertThat(put()).isEqualTo(201);
        as("provisioner").delete("/v1/registrations/" + NAME).then().statusCode(204);
    }
}
