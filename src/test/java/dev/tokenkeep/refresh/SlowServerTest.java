package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.refresh.scheduling.RefreshTick;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An authorization server that takes longer to answer than a lease lasts, with strict rotation: it has spent the token at once. */
@QuarkusTest
@TestProfile(ShortLeases.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
class SlowServerTest {

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RefreshTick job;

    @AfterEach
    void asUsual() {
        server.asUsual();
        fixture.execute("delete from tokenkeep_session");
    }

    @Test
    @DisplayName("F2: the owner of a request in flight renews its lease, and no other replica may claim the session")
    void renewsTheLeaseOfARequestInFlight() {
        String id = fixture.due(server);
        Gate slow = slowAnswer();
        String attempt = fixture.column(id, "attempt_id");
        await().atMost(ShortLeases.LEASE.multipliedBy(5))
                .during(ShortLeases.LEASE.multipliedBy(2))
                .until(() -> fixture.column(id, "lease_until > now()").equals("t"));
        job.tick();
        assertThat(fixture.column(id, "attempt_id")).isEqualTo(attempt);
        int requests = server.ledger().tokenRequests();
        slow.open();
        awaitVersionTwo(id);
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
        assertThat(server.ledger().spentTwice()).isEmpty();
    }

    @Test
    @DisplayName("F2: a lease that another attempt has taken is not renewed, and the answer is stored all the same")
    void doesNotRenewAnothersLeaseAndStoresItsAnswer() {
        String id = fixture.due(server);
        Gate slow = slowAnswer();
        fixture.update(id, "attempt_id = gen_random_uuid(), lease_until = now()");
        await().during(ShortLeases.LEASE)
                .until(() -> fixture.column(id, "lease_until <= now()").equals("t"));
        slow.open();
        awaitVersionTwo(id);
    }

    @Test
    @DisplayName("F2: what is over is not held by a renewal that comes too late")
    void doesNotRenewALeaseThatWasGivenBack() {
        String id = fixture.due(server);
        Gate slow = slowAnswer();
        fixture.update(id, "lease_until = null");
        await().during(ShortLeases.LEASE)
                .until(() -> fixture.column(id, "lease_until is null").equals("t"));
        slow.open();
        awaitVersionTwo(id);
    }

    private Gate slowAnswer() {
        Gate slow = server.holdNextAnswer();
        job.tick();
        slow.awaitArrival();
        return slow;
    }

    private void awaitVersionTwo(String id) {
        await().until(() -> fixture.session(id).tokens().version() == 2);
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(fixture.column(id, "sent_version is null and lease_until is null"))
                .isEqualTo("t");
    }
}
