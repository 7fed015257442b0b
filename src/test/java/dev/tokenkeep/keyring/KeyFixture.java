package dev.tokenkeep.keyring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.lifecycle.ReceivedTokens;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.oauth.AccessTokenExpiry;
import dev.tokenkeep.oauth.RegisteredTokens;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.Sql;
import dev.tokenkeep.testing.TestKeys;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Stages rotations: an operator's new keys, sessions, and what lies in the rows. */
@Singleton
class KeyFixture {

    private final SessionService sessions;
    private final ClientRegistrations registrations;
    private final AgroalDataSource database;
    private final Path keys;
    private final KeyHeartbeat heartbeat;
    private final ReencryptionJob job;

    KeyFixture(
            SessionService sessions,
            ClientRegistrations registrations,
            KeyHeartbeat heartbeat,
            ReencryptionJob job,
            @DataSource("tokenkeep") AgroalDataSource database,
            @ConfigProperty(name = "tokenkeep.encryption.keys") String keys) {
        this.sessions = sessions;
        this.registrations = registrations;
        this.heartbeat = heartbeat;
        this.job = job;
        this.database = database;
        this.keys = Path.of(keys);
    }

    /** A new key that the directory names as its primary one. */
    String newPrimary() {
        return TestKeys.newPrimary(keys);
    }

    /** No sessions, and the first key again: other tests share the application. */
    void startOver() {
        execute("delete from tokenkeep_session");
        execute("delete from tokenkeep_revocation");
        TestKeys.firstPrimary(keys);
        heartbeat.tick();
        job.tick();
    }

    String register(IssuedTokens tokens) {
        try {
            var response = RegisteredTokens.read(new ObjectMapper().readTree(tokens.json()));
            return ((RegistrationResult.Stored) sessions.register("test", "alice", "tester", response))
                    .session()
                    .id();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A session whose tokens are bound to this key. */
    String register(IssuedTokens tokens, DpopKey key) {
        var response = new TokenResponse(
                null, null, AccessTokenExpiry.UNTOLD, Secret.of(tokens.refreshToken()), null, null, null);
        var received = new ReceivedTokens(response, Duration.ZERO, key.toJwk(), result -> {});
        return ((RegistrationResult.Stored)
                        sessions.register(registrations.find("test").orElseThrow(), "alice", "tester", received))
                .session()
                .id();
    }

    void remove(String id) {
        sessions.remove(id);
    }

    String column(String id, String column) {
        return select("select " + column + " from tokenkeep_session where id = '" + id + "'");
    }

    void update(String id, String assignments) {
        execute("update tokenkeep_session set " + assignments + " where id = '" + id + "'");
    }

    void execute(String sql) {
        new Sql(database).execute(sql);
    }

    String select(String sql) {
        return new Sql(database).select(sql);
    }
}
