package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.isOneOf;
import static org.hamcrest.Matchers.not;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class KeysApiTest {

    @Test
    void showsTheKeyRingToOperators() {
        as("sessions-admin")
                .get("/v1/keys")
                .then()
                .statusCode(200)
                .header("Cache-Control", equalTo("no-store"))
                .body("primary", equalTo("k1"))
                .body("encrypting", equalTo("k1"))
                .body("replicas", greaterThanOrEqualTo(1))
                .body("replicas_without_primary", equalTo(0))
                .body("rows_left", equalTo(0))
                .body("items.id", hasItem("k1"))
                .body("items.state", everyItem(isOneOf("encrypts", "decrypts")))
                .body("items.find { it.id == 'k1' }.removable", equalTo(false))
                // The fingerprints' key at least.
                .body("items.find { it.id == 'k1' }.rows", greaterThanOrEqualTo(1));
    }

    @Test
    void tellsNobodyElse() {
        as("sessions-read").get("/v1/keys").then().statusCode(403).body("items", not(hasItem("k1")));
        as("all").get("/v1/keys?rows=1").then().statusCode(400);
    }
}
