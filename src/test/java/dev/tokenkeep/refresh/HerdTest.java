package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.JobsOn;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TokenRequest;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Sessions that all expire at once, and a budget (CONFORMANCE E): 180, or as many as {@code tokenkeep.herd.sessions} says,
 * and {@code tokenkeep.herd.per-second}.
 */
@QuarkusTest
@TestProfile(JobsOn.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class HerdTest {

    private static final int SESSIONS = Integer.getInteger("tokenkeep.herd.sessions", 180);
    private static final int PER_SECOND = JobsOn.HERD_PER_SECOND;
    /** What the budget takes, and as much again as a machine that is busy may need. */
    private static final Duration TO_DEATH = Duration.ofSeconds(SESSIONS / PER_SECOND + 17);
    /** A tenth of it may be sent at once. */
    private static final int BURST = PER_SECOND / 10;

    /** Among so many the nearest to their death are looked for. */
    private static final int CHOICE = 250;

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @BeforeEach
    void nobodyElse() {
        fixture.execute("delete from tokenkeep_session");
    }

    @AfterEach
    void asUsual() {
        server.log(request -> {});
        fixture.execute("delete from tokenkeep_session");
    }

    @Test
    @DisplayName("E: a herd is refreshed within the budget, those nearest to their death first, and none late")
    void aHerdIsRefreshedWithinTheBudgetInOrderOfTimeToDeath() {
        // The first request of all takes longer than those that count.
        String warmUp = fixture.registerAtKeyed(server.issue("alice"));
        fixture.update(warmUp, "refresh_due_at = now()");
        await().until(() -> fixture.session(warmUp).tokens().version() == 2);
        Queue<TokenRequest> requests = new ConcurrentLinkedQueue<>();
        var order = new ConcurrentHashMap<String, Integer>();
        server.log(request -> {
            if (order.containsKey(request.refreshToken())) {
                requests.add(request);
            }
        });
        for (int i = 0; i < SESSIONS; i++) {
            IssuedTokens tokens = server.issue("user-" + i);
            // Registered in no order: 97 has no divisor in common with their number.
            int rank = i * 97 % SESSIONS;
            String id = fixture.registerAtKeyed(tokens);
            fixture.update(id, "access_token_expires_at = to_timestamp(" + rank + " * 0.001 * 180 / " + SESSIONS + ")");
            order.put(tokens.refreshToken(), rank);
        }
        String second = fixture.select("select now() + interval '" + TO_DEATH.toSeconds() + " second'");
        fixture.execute("update tokenkeep_session set refresh_due_at = now(), access_token_expires_at ="
                + " timestamptz '" + second + "' + (access_token_expires_at - to_timestamp(0)) where rt_version = 1");

        await().atMost(TO_DEATH.multipliedBy(2)).until(() -> requests.size() == SESSIONS);
        await().until(() -> fixture.select("select count(*) from tokenkeep_session where rt_version = 1")
                .equals("0"));
        assertThat(fixture.select(
                        "select count(*) from tokenkeep_session where refreshed_at > timestamptz '" + second + "'"))
                .as("late")
                .isEqualTo("0");
        List<Long> came =
                requests.stream().map(TokenRequest::cameMillis).sorted().toList();
        for (int i = BURST; i < came.size(); i++) {
            // What was claimed in time may be under way for a moment.
            long earliest = 1_000L * (i - BURST) / PER_SECOND - 500;
            assertThat(came.get(i) - came.get(0)).as("the time of request " + i).isGreaterThan(earliest);
        }
        if (SESSIONS <= CHOICE) {
            assertOrdered(requests, order);
        }
    }

    private static void assertOrdered(Iterable<TokenRequest> requests, Map<String, Integer> order) {
        // Those that are claimed together are sent together.
        int together = PER_SECOND / 2;
        int place = 0;
        for (TokenRequest request : requests) {
            assertThat(order.get(request.refreshToken())).isBetween(place - together, place + together);
            place++;
        }
    }
}
