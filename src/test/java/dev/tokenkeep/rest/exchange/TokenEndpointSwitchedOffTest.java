package dev.tokenkeep.rest.exchange;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import dev.tokenkeep.refresh.ShortLeases;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ShortLeases.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
class TokenEndpointSwitchedOffTest {

    @Test
    void thereIsNothing() {
        given().contentType("application/x-www-form-urlencoded")
                .body(TokenForms.ofSession("AAAAAAAAAAAAAAAAAAAA"))
                .post("/oauth2/token")
                .then()
                .statusCode(404)
                .body("problem", equalTo("urn:tokenkeep:problem:not-found"));
        given().get("/.well-known/oauth-authorization-server").then().statusCode(404);
        given().get("/v1/sessions").then().statusCode(401);
    }
}
