package dev.tokenkeep.rest.registrations;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One registration for many customers. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class TemplatesTest {

    ScriptedAuthorizationServer server;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    private static RequestSpecification as(String caller) {
        return given().auth().oauth2(CallerKeys.token("sub-" + caller)).contentType("application/json");
    }

    @AfterEach
    void asUsual() {
        server.asUsual();
        new Sql(database).execute("delete from tokenkeep_session where registration like 'tenants~%'");
    }

    private ValidatableResponse register(String registration, String subject) {
        return as("provisioner")
                .body("{\"registration\":\"" + registration + "\",\"subject\":\"" + subject + "\",\"token_response\":"
                        + server.issue(subject).json() + "}")
                .post("/v1/sessions")
                .then();
    }

    private String registered(String registration, String subject) {
        return register(registration, subject).statusCode(201).extract().path("id");
    }

    private static ValidatableResponse refresh(String session) {
        return as("provisioner").post("/v1/sessions/" + session + "/refresh").then();
    }

    @Test
    void aSessionNamesItsCustomer() {
        String session = registered("tenants~acme", "alice");
        refresh(session).statusCode(200).body("version", equalTo(2));
        as("provisioner").get("/v1/sessions/" + session).then().body("registration", equalTo("tenants~acme"));
        as("provisioner")
                .get("/v1/sessions?registration=tenants~acme")
                .then()
                .body("items.id", equalTo(List.of(session)));
        // The caller's registrations name the template.
        as("provisioner").get("/v1/sessions?subject=alice").then().body("items.id", hasItem(session));
        as("narrow").get("/v1/sessions/" + session).then().statusCode(404);
        as("all")
                .get("/v1/registrations/tenants~acme")
                .then()
                .statusCode(200)
                .body("state.name", equalTo("tenants~acme"))
                .body("settings.find { it.key == 'token-endpoint' }.source", equalTo("provider"));
        as("all").get("/v1/registrations").then().body("items.name", hasItem("tenants~acme"));
    }

    @Test
    void theTemplateItselfTakesNoSession() {
        for (String wrong : List.of("tenants", "tenants~", "tenants~a.b", "tenants~a~b", "tenants~ACME")) {
            register(wrong, "alice")
                    .statusCode(400)
                    .body("member", equalTo("registration"))
                    .body("detail", containsString("write it as tenants~{tenant}"));
        }
        as("registrations-admin")
                .body("{\"settings\":{}}")
                .put("/v1/registrations/tenants")
                .then()
                .statusCode(409);
    }

    @Test
    @DisplayName("L5: a customer whose server is down leaves the others alone")
    void anOutageOfOneCustomerStopsNoOther() {
        String good = registered("tenants~acme", "alice");
        server.answerAlwaysFor("bad", 500, "{}");
        await().untilAsserted(() -> {
            refresh(registered("tenants~beta", "bad"));
            as("all").get("/v1/registrations/tenants~beta").then().body("state.breaker", equalTo("open"));
        });
        as("all").get("/v1/registrations/tenants~acme").then().body("state.breaker", equalTo("closed"));
        refresh(good).statusCode(200);
    }

    @Test
    void metricsAddCustomersUp() {
        refresh(registered("tenants~acme", "alice")).statusCode(200);
        given().get(metrics)
                .then()
                .body(containsString("registration=\"tenants\""))
                .body(not(containsString("tenants~")))
                // A breaker of each registration would have a dozen meters of the library's own.
                .body(not(containsString("method=\"tokenkeep")));
    }
}
