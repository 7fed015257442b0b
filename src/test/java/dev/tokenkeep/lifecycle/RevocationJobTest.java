package dev.tokenkeep.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.refresh.RefreshFixture;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Revocations of several registrations, one of which has an endpoint that hangs. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(CallersResource.class)
@WithTestResource(AuthorizationServerResource.class)
class RevocationJobTest {

    private static final String SLOW = "slow";

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RevocationJob job;

    @Inject
    PurgeJob purge;

    @Inject
    SessionService sessions;

    @AfterEach
    void asUsual() {
        server.asUsual();
        fixture.execute("delete from tokenkeep_session");
        fixture.execute("delete from tokenkeep_revocation");
    }

    @Test
    @DisplayName(
            "L5, A6: an endpoint that hangs has no more than a batch under way, and keeps no other registration waiting")
    void anEndpointThatHangsKeepsNoOtherWaiting() {
        Gate gate = server.holdRevocationsOf(SLOW);
        int before = server.revocationRequests();
        for (int i = 0; i < 30; i++) {
            sessions.remove(fixture.register(server.issue(SLOW)));
        }
        // In turns: what another test has under way may end first.
        await().until(() -> {
            job.tick();
            return server.revocationRequests() == before + 20;
        });
        sessions.remove(fixture.registerAtNarrow(server.issue("alice")));
        job.tick();
        await().until(() -> revocationsOf("narrow") == 0);
        assertThat(server.revocationRequests()).isEqualTo(before + 21);
        gate.open();
        await().untilAsserted(() -> {
            job.tick();
            assertThat(revocationsOf("test")).isZero();
        });
    }

    @Test
    void whatNobodyHasConfiguredForAWeekIsGivenUp() {
        String removed = fixture.register(server.issue("alice"));
        sessions.remove(removed);
        fixture.execute(
                "update tokenkeep_revocation set registration = 'former', created_at = now() - interval '6 days'");
        purge.giveUpAbandoned();
        assertThat(revocationsOf("former")).isOne();
        fixture.execute("update tokenkeep_revocation set created_at = now() - interval '8 days'");
        sessions.remove(fixture.registerAtNarrow(server.issue("alice")));
        fixture.execute("update tokenkeep_revocation set created_at = now() - interval '8 days'");
        purge.giveUpAbandoned();
        assertThat(revocationsOf("former")).isZero();
        assertThat(revocationsOf("narrow")).isOne();
        purge.tick();
        assertThat(fixture.select("select count(*) from tokenkeep_session where id = '" + removed + "'"))
                .isEqualTo("0");
    }

    @Test
    @DisplayName("L5: a backlog of one registration hides no revocation of another")
    void aBacklogHidesNoOther() {
        fixture.execute("""
                insert into tokenkeep_revocation (id, session_id, registration, key_id, rt_version, refresh_token, not_before)
                select gen_random_uuid(), 'session-' || n, 'test', 'no such key', 1, 'token', now() - interval '1 hour'
                from generate_series(1, 1100) n""");
        sessions.remove(fixture.registerAtNarrow(server.issue("alice")));
        job.tick();
        await().until(() -> revocationsOf("narrow") == 0);
    }

    private long revocationsOf(String registration) {
        return Long.parseLong(fixture.select(
                "select count(*) from tokenkeep_revocation where registration = '" + registration + "'"));
    }
}
