package dev.tokenkeep.signin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import com.nimbusds.jwt.SignedJWT;
import dev.tokenkeep.signin.ClientMethodsResource.Clients;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.ScriptedTransit;
import dev.tokenkeep.transit.TransitTicks;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients whose keys are in a Transit engine. That every kind of key is accepted is in {@link ClientMethodsTest}. */
@QuarkusTest
@TestProfile(ClientMethodsTest.RevocationsOn.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(ClientMethodsResource.class)
class TransitClientKeysTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    ScriptedAuthorizationServer server;
    ScriptedTransit vault;
    Clients clients;

    private Browser web() {
        return new Browser("web", server);
    }

    private String registered(String registration, IssuedTokens tokens) {
        return web().post(
                        "/v1/sessions",
                        Map.of(
                                "registration",
                                registration,
                                "subject",
                                "user-" + UUID.randomUUID(),
                                "token_response",
                                Map.of("refresh_token", tokens.refreshToken(), "access_token", tokens.accessToken())))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private Response refresh(String session) {
        return web().as().contentType("application/json").post("/v1/sessions/" + session + "/refresh");
    }

    private String keyOfLast(String registration) {
        List<SignedJWT> accepted = clients.verifiers().get(registration).accepted();
        return accepted.get(accepted.size() - 1).getHeader().getKeyID();
    }

    @Test
    @DisplayName("G5: a rotated key is published first, signs later, and no refresh fails")
    void publishesARotatedKeyBeforeItSigns() {
        String session = registered("transit-rs256", server.issue("alice"));
        vault.signing().rotate("transit-rs256", Instant.now());
        TransitTicks.tick();
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/connect/transit-rs256/jwks")
                        .then()
                        .statusCode(200)
                        .body("keys.kid", contains("transit-rs256-v1", "transit-rs256-v2")));
        refresh(session).then().statusCode(200);
        assertThat(keyOfLast("transit-rs256")).isEqualTo("transit-rs256-v1");
        vault.signing().latestIsOf("transit-rs256", Instant.now().minus(Duration.ofHours(2)));
        TransitTicks.tick();
        await().atMost(PATIENCE).until(() -> {
            refresh(session).then().statusCode(200);
            return keyOfLast("transit-rs256").equals("transit-rs256-v2");
        });
        assertThat(clients.verifiers().get("transit-rs256").refused()).isEmpty();
    }

    @Test
    @DisplayName("E: while the vault is down nothing is sent, and the session goes on when it is back")
    void aVaultThatIsDownCostsNoRefreshToken() throws Exception {
        IssuedTokens tokens = server.issue("bob");
        String session = registered(ClientMethodsResource.IN_OUTAGE, tokens);
        vault.down();
        try (var log = LogLines.of("dev.tokenkeep")) {
            refresh(session).then().statusCode(503);
            web().as()
                    .get("/v1/sessions/" + session)
                    .then()
                    .body("status", equalTo("ACTIVE"))
                    .body("failure.code", equalTo("client_key_unavailable"));
            assertThat(log.with("Transit key transit-outage: signing fails")).hasSize(1);
            assertThat(log.with(ClientMethodsResource.TRANSIT_TOKEN)).isEmpty();
            assertThat(server.ledger().timesSpent(tokens.refreshToken())).isZero();
        } finally {
            vault.up();
        }
        await().atMost(PATIENCE).until(() -> server.ledger().refreshesOf(tokens.refreshToken()) > 0);
        assertThat(server.ledger().timesSpent(tokens.refreshToken())).isEqualTo(1);
        refresh(session).then().statusCode(200);
        assertThat(clients.verifiers().get(ClientMethodsResource.IN_OUTAGE).refused())
                .isEmpty();
    }

    @Test
    void aVaultThatHangsDelaysNobodyElseAndNothingIsSent() {
        IssuedTokens tokens = server.issue("carol");
        String session = registered(ClientMethodsResource.HANGING, tokens);
        String local = registered("post", server.issue("dave"));
        Gate gate = vault.signing().holdNext(ClientMethodsResource.HANGING);
        try {
            CompletableFuture<Integer> hanging =
                    CompletableFuture.supplyAsync(() -> refresh(session).statusCode());
            gate.awaitArrival();
            refresh(local).then().statusCode(200);
            assertThat(hanging).isNotDone();
            assertThat(hanging.join()).isEqualTo(503);
            assertThat(server.ledger().timesSpent(tokens.refreshToken())).isZero();
        } finally {
            gate.open();
        }
        await().atMost(PATIENCE).until(() -> server.ledger().refreshesOf(tokens.refreshToken()) > 0);
        assertThat(server.ledger().timesSpent(tokens.refreshToken())).isEqualTo(1);
    }
}
