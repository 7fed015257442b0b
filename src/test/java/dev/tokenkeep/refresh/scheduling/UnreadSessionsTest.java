package dev.tokenkeep.refresh.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.refresh.RefreshFixture;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.tokens.AccessTokenService;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CONFORMANCE E: sessions that nobody reads, where the job is to leave them alone. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class UnreadSessionsTest {

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RefreshJob job;

    @Inject
    UnreadJob unread;

    @Inject
    AccessTokenService tokens;

    @AfterEach
    void clear() {
        fixture.execute("delete from tokenkeep_session");
    }

    @Test
    @DisplayName("E: a session that nobody has read for a while is not refreshed, and is not looked at again")
    void leavesASessionAloneThatNobodyReads() {
        String id = longUnread();
        int requests = server.ledger().tokenRequests();
        unread.tick();
        job.tick();
        assertThat(fixture.column(id, "refresh_due_at is null and status = 'ACTIVE'"))
                .isEqualTo("t");
        assertThat(server.ledger().tokenRequests()).isEqualTo(requests);
    }

    @Test
    @DisplayName("E: a read refreshes a session that was left alone, and from then on the job does")
    void aReadBringsItBack() {
        String id = longUnread();
        unread.tick();
        fixture.update(id, "access_token_expires_at = now() - interval '1 second'");
        assertThat(read(id)).isEqualTo(2);
        unread.tick();
        fixture.update(id, "refresh_due_at = now()");
        unread.tick();
        assertThat(fixture.column(id, "refresh_due_at <= now()")).isEqualTo("t");
    }

    @Test
    @DisplayName("E: a read of a token that is still good makes its session due again")
    void aReadOfAGoodTokenMakesItsSessionDueAgain() {
        String id = longUnread();
        unread.tick();
        String row = fixture.column(id, "xmin");
        assertThat(read(id)).isEqualTo(1);
        assertThat(fixture.column(id, "xmin")).as("a read writes nothing").isEqualTo(row);
        unread.tick();
        assertThat(fixture.column(id, "refresh_due_at <= now()")).isEqualTo("t");
    }

    @Test
    @DisplayName("E: what is read often is not written often")
    void aNoteIsNotRepeatedForEveryRead() {
        String id = fixture.register(server.issue("alice"));
        read(id);
        unread.tick();
        String row = fixture.column(id, "xmin");
        read(id);
        unread.tick();
        assertThat(fixture.column(id, "xmin")).isEqualTo(row);
    }

    @Test
    @DisplayName("E: a session that is kept alive comes back for that alone")
    void aSessionThatIsKeptAliveComesBackForThatAlone() {
        String id = longUnread();
        fixture.update(id, "keep_alive_at = now() + interval '1 day'");
        unread.tick();
        assertThat(fixture.column(id, "refresh_due_at = keep_alive_at")).isEqualTo("t");
        fixture.update(id, "keep_alive_at = now(), refresh_due_at = now()");
        unread.tick();
        assertThat(fixture.column(id, "refresh_due_at <= now()")).isEqualTo("t");
    }

    @Test
    @DisplayName("E: a refresh token that may have been spent is not forgotten about")
    void doesNotLeaveASessionAloneWhoseOutcomeIsUnknown() {
        String id = fixture.attemptedElsewhere(server, "now() - interval '1 minute'", "now()");
        fixture.update(id, "created_at = now() - interval '2 hours'");
        unread.tick();
        assertThat(fixture.column(id, "refresh_due_at <= now()")).isEqualTo("t");
    }

    private String longUnread() {
        String id = fixture.due(server);
        fixture.update(id, "created_at = now() - interval '2 hours'");
        return id;
    }

    private long read(String id) {
        return tokens.read(id, Duration.ZERO).toCompletableFuture().join().version();
    }
}
