package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.session.upkeep.SessionCounts;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the metrics are told of the rows. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(CallersResource.class)
@WithTestResource(AuthorizationServerResource.class)
class SessionCountsTest {

    private static final List<String> ALL = List.of("test", "other", "narrow");

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    SessionCounts counts;

    @BeforeEach
    void noSessions() {
        fixture.execute("delete from tokenkeep_session");
    }

    private String registered() {
        return fixture.register(server.issue("alice"));
    }

    @Test
    void countsWhatIsDueAndHowLongTheOldestHasBeen() {
        assertThat(counts.due(ALL)).isEmpty();
        registered();
        fixture.update(registered(), "refresh_due_at = now() - interval '5 s'");
        fixture.update(registered(), "refresh_due_at = now() - interval '1 h'");
        fixture.update(registered(), "refresh_due_at = now() - interval '2 h', status = 'QUARANTINED'");
        fixture.update(registered(), "refresh_due_at = now() - interval '30 m', failures = 1");
        SessionCounts.Due due = counts.due(ALL).get("test");
        assertThat(due.sessions()).isEqualTo(3);
        assertThat(due.age()).isBetween(Duration.ofHours(1), Duration.ofHours(1).plusMinutes(5));
        assertThat(counts.due(ALL)).containsOnlyKeys("test");
    }

    @Test
    void countsEachStatusOfEachRegistration() {
        registered();
        fixture.registerAtNarrow(server.issue("alice"));
        fixture.update(registered(), "status = 'REAUTHENTICATION_REQUIRED', refresh_due_at = null");
        fixture.update(registered(), "status = 'REMOVED', refresh_due_at = null");
        assertThat(counts.byStatus())
                .isEqualTo(Map.of(
                        "narrow",
                        Map.of(SessionStatus.ACTIVE, 1L),
                        "test",
                        Map.of(
                                SessionStatus.ACTIVE, 1L,
                                SessionStatus.REAUTHENTICATION_REQUIRED, 1L,
                                SessionStatus.REMOVED, 1L)));
    }
}
