package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.session.SessionStatus;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
class OneRefreshTest {

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RefreshJob job;

    @Inject
    AccessTokenReader reader;

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @Test
    void theJobRefreshesWhatIsDue() {
        String id = fixture.due(server);
        job.tick();
        await().untilAsserted(() -> assertThat(fixture.session(id).version()).isEqualTo(2));
        var snapshot = fixture.snapshot(id);
        assertThat(server.isActive(snapshot.accessToken().reveal())).isTrue();
        assertThat(snapshot.session().status()).isEqualTo(SessionStatus.ACTIVE);
    }

    @Test
    void aReadAnswersAStoredTokenWithoutAskingAnybody() {
        var tokens = server.issue("alice");
        String id = fixture.register(tokens);
        int before = server.ledger().tokenRequests();
        AccessToken token = read(id, Duration.ZERO);
        assertThat(token.value()).isEqualTo(tokens.accessToken());
        assertThat(token.expiresIn()).isBetween(Duration.ofSeconds(55), Duration.ofSeconds(60));
        assertThat(server.ledger().tokenRequests()).isEqualTo(before);
    }

    @Test
    void aReadOfAnExpiredTokenRefreshesIt() {
        String id = fixture.expired(server);
        AccessToken token = read(id, Duration.ZERO);
        assertThat(server.isActive(token.value())).isTrue();
        assertThat(token.version()).isEqualTo(2);
    }

    private AccessToken read(String id, Duration minTtl) {
        return reader.read(id, minTtl).toCompletableFuture().join();
    }
}
