package dev.tokenkeep.monitoring;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.JobsOn;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the dashboard, the rules and the documentation name is what the application exports. */
@QuarkusTest
@TestProfile(JobsOn.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class MonitoringTest {

    ScriptedAuthorizationServer server;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    private Exposition exported;

    /** Sessions, one of them with a rate limit, so that something is encrypted, called, refreshed and counted. */
    @BeforeEach
    void scrapeOnceEverythingWasCounted() {
        for (String registration : List.of("test", "other")) {
            String id = as().body("{\"registration\":\"%s\",\"subject\":\"alice\",\"token_response\":%s}"
                            .formatted(registration, server.issue("alice").json()))
                    .post("/v1/sessions")
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("id");
            as().post("/v1/sessions/" + id + "/refresh").then().statusCode(200);
        }
        signIn();
        // There is no pause to tell of before the first collection.
        System.gc();
        await().untilAsserted(() -> {
            exported = Exposition.parse(given().get(metrics).then().extract().asString());
            assertThat(exported.series())
                    .containsKeys(
                            "tokenkeep_rows_by_key",
                            "tokenkeep_sessions_due",
                            "tokenkeep_sessions",
                            "tokenkeep_rate_budget_remaining",
                            "jvm_gc_pause_seconds_sum");
        });
    }

    private void signIn() {
        var begun = as("sub-narrow")
                .body(
                        "{\"registration\":\"other\",\"subject\":\"alice\",\"redirect_uri\":\"https://narrow.example/callback\"}")
                .post("/v1/authorizations")
                .then()
                .statusCode(201)
                .extract();
        String code = server.codes().issue("alice", URI.create(begun.path("authorization_uri")));
        as("sub-narrow")
                .body("{\"callback\":\"https://narrow.example/callback?code=" + code + "&state=" + begun.path("state")
                        + "\"}")
                .post("/v1/authorizations/" + begun.path("id") + "/completion")
                .then()
                .statusCode(201);
    }

    private static RequestSpecification as() {
        return as("sub-all");
    }

    private static RequestSpecification as(String caller) {
        return given().header("Authorization", "Bearer " + CallerKeys.token(caller))
                .contentType("application/json");
    }

    private KnownMetrics known() throws IOException {
        Set<String> recorded = MonitoringFiles.rules("record").stream()
                .map(rule -> rule.get("record").asText())
                .collect(Collectors.toSet());
        return KnownMetrics.of(exported, recorded, MonitoringFiles.documented());
    }

    @Test
    void everyMetricAndLabelOfTheDashboardAndTheRulesIsExported() throws IOException {
        KnownMetrics known = known();
        Map<String, String> expressions = MonitoringFiles.expressions();
        assertThat(expressions).hasSizeGreaterThan(50);
        assertThat(expressions)
                .allSatisfy((where, expression) ->
                        assertThat(known.unknown(expression)).as(where).isEmpty());
    }

    @Test
    void seesAMetricALabelAndAValueThatNobodyExports() throws IOException {
        KnownMetrics known = known();
        assertThat(known.unknown("sum(rate(tokenkeep_refreshs_total[5m])) > 3"))
                .containsExactly("tokenkeep_refreshs_total");
        assertThat(known.unknown("tokenkeep_refreshes_total{session=\"x\"}"))
                .containsExactly("tokenkeep_refreshes_total{session}");
        assertThat(known.unknown("tokenkeep_refreshes_total{outcome=~\"stored|lost\"}"))
                .containsExactly("tokenkeep_refreshes_total{outcome=lost}");
        assertThat(known.unknown("sum by (registration, subject) (tokenkeep_sessions_due)"))
                .containsExactly("subject");
        assertThat(known.unknown("1 > 0")).hasSize(1);
        assertThat(known.unknown("sum by (le) (rate(tokenkeep_token_request_seconds_bucket{le=\"0.05\"}[5m]))"))
                .isEmpty();
    }

    @Test
    void theDocumentationTellsOfEveryMetricAndItsLabelsAndOfNoOther() throws IOException {
        var told = new TreeMap<String, Set<String>>();
        MonitoringFiles.documented().forEach((name, row) -> told.put(name, row.labels()));
        assertThat(told).isEqualTo(exported.own());
    }
}
