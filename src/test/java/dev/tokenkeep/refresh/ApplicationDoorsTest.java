package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.AuditUnavailableException;
import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.TokenProvider;
import dev.tokenkeep.TokenSessions;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an application does by its own beans. In these tests nothing is handed out that is not in the audit table. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class ApplicationDoorsTest {

    /** Quarkus's worker threads. */
    private static final int THREADS = 200;

    private static final int CALLERS = 250;

    ScriptedAuthorizationServer server;

    @Inject
    TokenProvider tokens;

    @Inject
    TokenSessions sessions;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    private LogLines lines;

    @BeforeEach
    void listen() {
        lines = LogLines.of("dev.tokenkeep.audit");
    }

    @AfterEach
    void asUsual() {
        lines.close();
        server.asUsual();
    }

    @Test
    void whatItDoesIsAuditedAsACallersCallsAre() {
        String id = sessions.register("test", "alice", server.issue("alice").json());
        told("registerSession", "allowed");
        AccessToken token = tokens.accessToken(id);
        told("readAccessToken", "allowed");
        assertThat(lines.with(token.value())).isEmpty();
        assertThat(lines.with(id)).isEmpty();
        tokens.accessTokenAsync(id).await().indefinitely();
        assertThat(lines.with("readAccessToken")).hasSize(2);
        sessions.replace(id, server.issue("alice").json());
        told("replaceTokens", "allowed");
        assertThat(sessions.remove(id)).isTrue();
        told("removeSession", "allowed");
    }

    @Test
    void whatItIsRefusedIsAuditedToo() {
        assertThatExceptionOfType(SessionNotFoundException.class).isThrownBy(() -> tokens.accessToken("nowhere"));
        told("readAccessToken", "refused", "session-not-found");
        assertThatExceptionOfType(SessionNotFoundException.class)
                .isThrownBy(
                        () -> sessions.replace("nowhere", server.issue("alice").json()));
        told("replaceTokens", "refused");
        assertThat(sessions.remove("nowhere")).isFalse();
        told("removeSession", "refused", "session-not-found");
        assertThatThrownBy(() -> sessions.register("test", "alice", "{}")).isInstanceOf(IllegalArgumentException.class);
        told("registerSession", "refused", "invalid-request");
    }

    private void told(String operation, String... parts) {
        assertThat(lines.with(operation))
                .singleElement()
                .asString()
                .contains("\"caller\":\"application\"")
                .contains(parts);
    }

    @Test
    void isHandedOutNothingThatCantBeWrittenDown() {
        String id = sessions.register("test", "alice", server.issue("alice").json());
        var sql = new Sql(database);
        sql.execute(
                "alter table tokenkeep_audit add constraint broken check (operation <> 'readAccessToken') not valid");
        try {
            assertThatExceptionOfType(AuditUnavailableException.class).isThrownBy(() -> tokens.accessToken(id));
        } finally {
            sql.execute("alter table tokenkeep_audit drop constraint broken");
        }
        assertThat(tokens.accessToken(id).version()).isEqualTo(1);
    }

    /** All of the application's threads wait for a refresh: it must not need one of them. */
    @Test
    void waitsForNoThreadOfThoseWhoWaitForIt() {
        Gate gate = server.holdNextAnswer();
        String id = sessions.register("test", "alice", server.issue("alice").refreshTokenOnly());
        var reading = new AtomicInteger();
        CompletableFuture<?>[] reads = Stream.generate(() ->
                        CompletableFuture.runAsync(() -> read(id, reading), Infrastructure.getDefaultWorkerPool()))
                .limit(CALLERS)
                .toArray(CompletableFuture[]::new);
        gate.awaitArrival();
        await().until(() -> reading.get() >= THREADS);
        gate.open();
        assertThat(CompletableFuture.allOf(reads)).succeedsWithin(Duration.ofSeconds(30));
    }

    private void read(String id, AtomicInteger reading) {
        reading.incrementAndGet();
        try {
            tokens.accessToken(id);
        } catch (TokenUnavailableException e) {
            // On a slow machine the refresh takes longer than anybody waits.
            assertThat(e.reason()).isEqualTo(TokenUnavailableException.Reason.AUTHORIZATION_SERVER_UNAVAILABLE);
        }
    }
}
