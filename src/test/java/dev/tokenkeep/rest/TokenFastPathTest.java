package dev.tokenkeep.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.tokenkeep.caller.VerifiedTokenCache;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import dev.tokenkeep.tokens.CachedAccessTokens;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens that are in memory are handed out as those in the database are, and not for longer. */
@QuarkusTest
@TestProfile(FewThreads.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class TokenFastPathTest {

    private static final String LISTENER = "query like 'listen %' or query = ''";

    ScriptedAuthorizationServer server;

    @Inject
    VerifiedTokenCache verified;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @Inject
    CachedAccessTokens cache;

    /** One for each caller, as a service has it: those that are seen for the first time are verified. */
    private final Map<String, String> jwts = new HashMap<>();

    private IssuedTokens tokens;
    private String id;

    private RequestSpecification as(String caller) {
        String jwt = jwts.computeIfAbsent(caller, name -> CallerKeys.token("sub-" + name));
        return given().header("Authorization", "Bearer " + jwt).contentType("application/json");
    }

    @BeforeEach
    void aSession() {
        tokens = server.issue("remembered");
        id = SessionsApiTest.registered("remembered", tokens.json());
    }

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @Test
    void readsAKeptTokenWithoutTheDatabase() {
        remembered();
        gone(() -> {
            read("all").then().statusCode(200).body("access_token", equalTo(tokens.accessToken()));
            as("all").get("/v1/sessions/" + id).then().statusCode(503);
        });
    }

    @Test
    void answersInTheSameWordsAsFromTheDatabase() {
        Response stored = as("all").header("X-Request-Id", "same").get(path() + "?min_ttl=0030");
        remembered();
        Response remembered = as("all").header("X-Request-Id", "same").get(path() + "?min_ttl=0030");
        assertThat(headers(remembered)).isEqualTo(headers(stored));
        assertThat(remembered.statusCode()).isEqualTo(stored.statusCode());
        assertThat(withoutTime(remembered)).isEqualTo(withoutTime(stored));
    }

    private static String headers(Response answer) {
        return answer.headers().asList().stream()
                .map(header -> header.getName().toLowerCase() + ": " + header.getValue())
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static String withoutTime(Response answer) {
        return answer.asString().replaceAll("\"expires_in\":[0-9]+", "");
    }

    @Test
    void whateverIsNotAsUsualIsAnsweredAsEver() {
        remembered();
        as("sessions-read").get(path()).then().statusCode(403);
        as("tokens-read")
                .get(path())
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:tokenkeep:problem:session-not-found"));
        given().get(path()).then().statusCode(401);
        given().header("Authorization", "Bearer " + CallerKeys.token("sub-all") + "x")
                .get(path())
                .then()
                .statusCode(401);
        for (String wrong :
                List.of("min_ttl=", "min_ttl=-1", "min_ttl=1e3", "min_ttl=99999999999", "min_ttl=1&min_ttl=2", "x=1")) {
            as("all").get(path() + "?" + wrong).then().statusCode(400);
        }
        as("all").accept("image/png").get(path()).then().statusCode(406);
        as("all").body("{}").get(path()).then().statusCode(200);
        as("all").head(path()).then().statusCode(200);
        as("all").get("/v1/sessions//access-token").then().statusCode(404);
        as("all").get("/v1/sessions/access-token").then().statusCode(404);
    }

    @Test
    void aCallerIsHeldToItsLimits() {
        remembered();
        long refused = IntStream.range(0, 30)
                .filter(i -> read("brisk").statusCode() == 429)
                .count();
        assertThat(refused).isEqualTo(10);
    }

    @Test
    void writesEveryHandingOutDown() {
        remembered();
        String requestId = "memory-" + UUID.randomUUID();
        try (var lines = LogLines.of("dev.tokenkeep.audit")) {
            as("all").header("X-Request-Id", requestId).get(path()).then().statusCode(200);
            assertThat(lines.with(requestId))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains(
                                    "\"caller\":\"all\"",
                                    "\"operation\":\"readAccessToken\"",
                                    "\"decision\":\"allowed\"",
                                    "\"registration\":\"test\"",
                                    "\"rt_version\":1",
                                    "\"key_id\":"));
        }
        assertThat(sql("select count(*) from tokenkeep_audit where request_id = '" + requestId + "'"))
                .isEqualTo("1");
    }

    @Test
    void handsOutNothingThatCantBeWrittenDown() {
        remembered();
        execute("alter table tokenkeep_audit rename to audit_gone");
        try {
            read("all").then().statusCode(503).body("type", equalTo("urn:tokenkeep:problem:audit-unavailable"));
        } finally {
            execute("alter table audit_gone rename to tokenkeep_audit");
        }
    }

    @Test
    void seesWhatItHasChangedItself() {
        remembered();
        as("all").body("{}").post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
        read("all").then().statusCode(200).body("version", equalTo(2));
        remembered();
        as("all").delete("/v1/sessions/" + id).then().statusCode(204);
        read("all").then().statusCode(404);
    }

    @Test
    void hearsOfWhatOthersChange() {
        remembered();
        execute("update tokenkeep_session set status = 'QUARANTINED' where id = '" + id + "'");
        await().atMost(Duration.ofSeconds(1)).until(() -> read("all").statusCode() == 409);
        execute("update tokenkeep_session set status = 'ACTIVE' where id = '" + id + "'");
        remembered();
        execute("delete from tokenkeep_session where id = '" + id + "'");
        await().atMost(Duration.ofSeconds(1)).until(() -> read("all").statusCode() == 404);
    }

    @Test
    void aClaimIsNoChange() {
        remembered();
        execute("update tokenkeep_session set lease_until = now(), attempt_id = gen_random_uuid() where id = '" + id
                + "'");
        other();
        assertThat(cache.find(id, Duration.ZERO, session -> true)).isPresent();
    }

    /** A change of another session that has been heard of: so has every one before it. */
    private void other() {
        String other = SessionsApiTest.registered(
                "remembered", server.issue("remembered").json());
        await().until(() -> {
            as("all").get("/v1/sessions/" + other + "/access-token");
            return isRemembered(other);
        });
        execute("delete from tokenkeep_session where id = '" + other + "'");
        await().until(() -> !isRemembered(other));
    }

    @Test
    void trustsNothingWhileItCantHear() {
        remembered();
        // Nobody will tell of this change.
        execute("alter table tokenkeep_session disable trigger tokenkeep_session_changed");
        try {
            execute("update tokenkeep_session set status = 'QUARANTINED' where id = '" + id + "'");
            read("all").then().statusCode(200);
            sql("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and (" + LISTENER
                    + ")");
            await().atMost(Duration.ofSeconds(5)).until(() -> read("all").statusCode() == 409);
        } finally {
            execute("alter table tokenkeep_session enable trigger tokenkeep_session_changed");
        }
        execute("update tokenkeep_session set status = 'ACTIVE' where id = '" + id + "'");
        remembered();
    }

    @Test
    void refreshesWhereTheTokenInMemoryIsTooShort() {
        execute("update tokenkeep_session set access_token_obtained_at = now() - interval '1 hour',"
                + " access_token_expires_at = now() + interval '20 seconds' where id = '" + id + "'");
        remembered();
        assertThat(cache.find(id, Duration.ofSeconds(10), session -> true)).isPresent();
        assertThat(cache.find(id, Duration.ofSeconds(30), session -> true)).isEmpty();
        as("all").get(path() + "?min_ttl=30").then().statusCode(200).body("version", equalTo(2));
    }

    @Test
    void believesAJwtNoLongerThanItLives() {
        remembered();
        long now = Instant.now().getEpochSecond();
        // Expired, but not by more than clocks may differ.
        jwts.put(
                "brief",
                CallerKeys.sign("{\"iss\":\"" + CallerKeys.ISSUER + "\",\"aud\":\"" + CallerKeys.AUDIENCE
                        + "\",\"iat\":" + (now - 60) + ",\"exp\":" + (now - 8) + ",\"sub\":\"sub-all\"}"));
        read("brief").then().statusCode(200);
        await().atMost(Duration.ofSeconds(10)).until(() -> read("brief").statusCode() == 401);
    }

    /** Whatever is called; and what is known of it is not renewed by being used. */
    @Test
    void verifiesAJwtOnce() {
        as("all").get("/v1/sessions/" + id).then().statusCode(200);
        SecurityIdentity first = verified.identity(jwts.get("all"));
        assertThat(first).isNotNull();
        as("all").get("/v1/sessions/" + id).then().statusCode(200);
        assertThat(verified.identity(jwts.get("all"))).isSameAs(first);
    }

    /** Reads until the token is in memory. */
    private void remembered() {
        await().until(() -> {
            read("all").then().statusCode(200);
            return isRemembered(id);
        });
    }

    private boolean isRemembered(String session) {
        return cache.find(session, Duration.ZERO, any -> true).isPresent();
    }

    private Response read(String caller) {
        return as(caller).get(path());
    }

    private String path() {
        return "/v1/sessions/" + id + "/access-token";
    }

    private void gone(Runnable meanwhile) {
        execute("alter table tokenkeep_session rename to gone");
        try {
            meanwhile.run();
        } finally {
            execute("alter table gone rename to tokenkeep_session");
        }
    }

    private void execute(String statement) {
        new Sql(database).execute(statement);
    }

    private String sql(String query) {
        return new Sql(database).select(query);
    }
}
