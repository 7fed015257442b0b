package com.example.shop;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.SessionRefreshed;
import dev.tokenkeep.SessionRemoved;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(ShopEnvironment.class)
class EverythingOnTest {

    @Inject
    Purchases purchases;

    @Test
    void readsTokensInItsOwnTransaction() {
        String id = purchases.signedIn("alice", ShopEnvironment.tokens(1001));
        assertEquals("at-1001", purchases.buy(id, "book").value());
        assertEquals("at-1001", purchases.tokenWithoutBlocking(id).value());
        assertTrue(QuarkusTransaction.requiringNew()
                        .call(() -> Purchase.count("item = ?1 and tokenVersion = 1", "book"))
                >= 1);
    }

    @Test
    void theJobRefreshesAndTheApplicationIsTold() {
        String id = purchases.signedIn("bob", ShopEnvironment.tokens(1002));
        await().atMost(Duration.ofSeconds(20)).until(() -> purchases.events().stream()
                .anyMatch(event -> event instanceof SessionRefreshed refreshed
                        && refreshed.sessionId().equals(id)
                        && refreshed.version() == 2));
        assertTrue(purchases.buy(id, "pen").version() >= 2);
        assertTrue(purchases.signedOut(id));
        assertTrue(purchases.events().stream()
                .anyMatch(event -> event instanceof SessionRemoved removed && removed.sessionId().equals(id)));
        assertThrows(SessionNotFoundException.class, () -> purchases.tokenWithoutBlocking(id));
    }

    @Test
    void whatIsWrongIsToldByName() {
        var unknown = assertThrows(
                IllegalArgumentException.class, () -> purchases.signedIn("eve", "{\"access_token\":\"at\"}"));
        assertTrue(unknown.getMessage().contains("token_response.refresh_token"), unknown.getMessage());
    }

    @Test
    @TestSecurity(user = "alice")
    void aUserSignsInAtTheApplicationsOwnCallback() {
        var begun = given().redirects().follow(false).get("/payments/sign-in");
        String address = begun.then().statusCode(303).extract().header("Location");
        assertTrue(address.startsWith("https://payments.example.com/authorize?"), address);
        String state = address.replaceFirst(".*[?&]state=([^&]*).*", "$1");
        given().queryParam("code", "1").queryParam("state", state).get("/payments/callback").then().statusCode(400);
        String id = given().cookies(begun.cookies())
                .queryParam("code", "1")
                .queryParam("state", state)
                .get("/payments/callback")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertTrue(purchases.buy(id, "cup").version() >= 1);
    }

    @Test
    void theApiAsksForACaller() {
        given().get("/v1/sessions").then().statusCode(401);
        given().get("/payments/sign-in").then().statusCode(401);
    }

    @Test
    void theApplicationsOwnAnswersAreItsOwn() {
        given().get("/shop/offer").then().statusCode(200).body("itemName", equalTo("book"));
        given().get("/shop/broken").then().statusCode(500).contentType(not(equalTo("application/problem+json")));
        given().get("/shop/nothing").then().statusCode(404).contentType(not(equalTo("application/problem+json")));
        given().post("/shop/offer").then().statusCode(405).contentType(not(equalTo("application/problem+json")));
    }
}
