package dev.tokenkeep.refresh;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.oauth.RegisteredTokens;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.store.SessionReads;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Stages sessions for the tests of refreshes: registers them, moves their times, looks at their rows. */
@Singleton
public class RefreshFixture {

    static {
        // A refresh takes a few milliseconds here, and Awaitility looks after 100.
        Awaitility.setDefaultPollDelay(Duration.ofMillis(5));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    }

    private final SessionService sessions;
    private final SessionReads reads;
    private final ClientRegistrations registrations;
    private final AgroalDataSource database;

    RefreshFixture(
            SessionService sessions,
            SessionReads reads,
            ClientRegistrations registrations,
            @DataSource("tokenkeep") AgroalDataSource database) {
        this.sessions = sessions;
        this.reads = reads;
        this.registrations = registrations;
        this.database = database;
    }

    ClientRegistration registration() {
        return registrations.find("test").orElseThrow();
    }

    /** A session with a fresh access token. */
    public String register(IssuedTokens tokens) {
        return register(tokens.json());
    }

    /** At the registration that sends two requests at once. */
    public String registerAtNarrow(IssuedTokens tokens) {
        return register("narrow", tokens.json());
    }

    /** At the registration that knows the server's keys. */
    public String registerAtKeyed(IssuedTokens tokens) {
        return registerAtKeyed(tokens.json());
    }

    /** At the registration that knows the server's keys. */
    public String registerAtKeyed(String tokenResponse) {
        return register("keyed", tokenResponse);
    }

    public String register(String tokenResponse) {
        return register("test", tokenResponse);
    }

    private String register(String registration, String tokenResponse) {
        try {
            var response = RegisteredTokens.read(new ObjectMapper().readTree(tokenResponse));
            return ((RegistrationResult.Stored) sessions.register(registration, "alice", "tester", response))
                    .session()
                    .id();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    void replace(String id, IssuedTokens tokens) {
        replace(id, tokens.json());
    }

    void replace(String id, String tokenResponse) {
        try {
            sessions.replace(id, RegisteredTokens.read(new ObjectMapper().readTree(tokenResponse)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A session whose access token has not expired, and which is due. */
    public String due(ScriptedAuthorizationServer server) {
        return due(server, "alice");
    }

    /** One of this subject at the authorization server, who may be told to be treated otherwise. */
    public String due(ScriptedAuthorizationServer server, String subject) {
        String id = register(server.issue(subject));
        update(id, "refresh_due_at = now()");
        return id;
    }

    /** A session whose access token has expired. */
    String expired(ScriptedAuthorizationServer server) {
        String id = register(server.issue("alice"));
        update(id, "access_token_expires_at = now() - interval '1 second', refresh_due_at = now()");
        return id;
    }

    /** What nobody has told the store of: an attempt of another replica. */
    public String attemptedElsewhere(ScriptedAuthorizationServer server, String leaseUntil, String accessTokenExpiry) {
        String id = due(server);
        update(
                id,
                "attempt_id = gen_random_uuid(), sent_version = rt_version, sent_at = now() - interval '1 minute',"
                        + " lease_until = " + leaseUntil + ", access_token_expires_at = " + accessTokenExpiry);
        return id;
    }

    public String column(String id, String column) {
        return select("select " + column + " from tokenkeep_session where id = '" + id + "'");
    }

    Session session(String id) {
        return snapshot(id).session();
    }

    SessionSnapshot snapshot(String id) {
        return reads.snapshot(id);
    }

    /** Changes a row behind everybody's back. */
    public void update(String id, String assignments) {
        execute("update tokenkeep_session set " + assignments + " where id = '" + id + "'");
    }

    public void execute(String sql) {
        new Sql(database).execute(sql);
    }

    /** Until so many connections wait for what another one has locked. */
    void awaitLockWaits(int connections) {
        await().until(() -> select("select count(distinct pid) from pg_locks where not granted")
                .equals(String.valueOf(connections)));
    }

    public String select(String sql) {
        return new Sql(database).select(sql);
    }
}
