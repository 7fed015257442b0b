package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.WithoutApi;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(WithoutApi.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(
        value = AuthorizationServerResource.class,
        initArgs = @ResourceArg(name = "rotation", value = "leeway"))
@WithTestResource(CallersResource.class)
class ApiSwitchedOffTest {

    @Test
    void hasNoCall() {
        for (String path : new String[] {"/v1/sessions", "/v1/sessions/AAAAAAAAAAAAAAAAAAAA/access-token"}) {
            as("all").get(path).then().statusCode(404).body("type", equalTo("urn:tokenkeep:problem:not-found"));
        }
        as("all").get("/v1/registrations").then().statusCode(404);
        as("all")
                .contentType("application/x-www-form-urlencoded")
                .formParam("grant_type", "any")
                .post("/oauth2/token")
                .then()
                .statusCode(404);
        given().get("/.well-known/oauth-authorization-server").then().statusCode(404);
    }

    @Test
    void isInNoDocument() {
        given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body(not(Matchers.containsString("tokenkeep:problem")));
    }
}
