package com.example.shop;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(ShopEnvironment.class)
@TestProfile(ApiOffTest.Off.class)
class ApiOffTest {

    public static class Off implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tokenkeep.api.enabled", "false", "quarkus.smallrye-jwt.enabled", "false");
        }
    }

    @Inject
    Purchases purchases;

    @Test
    void thereIsNoApiAndTheBeanWorks() {
        given().get("/v1/sessions").then().statusCode(404);
        given().get("/v1/registrations").then().statusCode(404);
        String id = purchases.signedIn("alice", ShopEnvironment.tokens(2001));
        assertEquals("at-2001", purchases.buy(id, "book").value());
    }

    @Test
    void theApplicationsOwnBearerTokensAreItsOwn() {
        given().header("Authorization", "Bearer not-a-jwt").get("/shop/offer").then().statusCode(200);
    }
}
