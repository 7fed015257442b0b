package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IdTokenIssuer;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.tokens.AccessTokenService;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the ID tokens that refreshes bring (CONFORMANCE A14). */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class IdTokenRefreshTest {

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    AccessTokenService reader;

    @Inject
    EndedSessions ended;

    @Inject
    MeterRegistry meters;

    private Map<String, Object> claims;
    private IssuedTokens tokens;
    private String id;
    private String first;

    @BeforeEach
    void aSessionWithAnIdToken() {
        claims = IdTokenIssuer.claims(
                "https://as.example/", "alice", Instant.now().getEpochSecond() - 30);
        first = server.idTokens().sign(claims);
        tokens = server.issue("alice");
        String json = tokens.json();
        id = fixture.registerAtKeyed(json.substring(0, json.lastIndexOf('}')) + ",\"id_token\":\"" + first + "\"}");
        fixture.update(id, "access_token_expires_at = now() - interval '1 second'");
        claims.put("iat", Instant.now().getEpochSecond());
    }

    @AfterEach
    void asUsual() {
        server.asUsual();
        fixture.execute("delete from tokenkeep_session");
    }

    @Test
    @DisplayName("A14: a refreshed ID token is verified and kept")
    void keepsARefreshedIdToken() {
        double valid = checks("valid");
        String refreshed = server.idTokens().sign(claims);
        server.idTokens().answer(refreshed);
        assertThat(read()).isEqualTo(2);
        await().until(() -> checks("valid") == valid + 1);
        assertThat(idToken()).isEqualTo(refreshed);
    }

    @Test
    @DisplayName("A14: where the refresh brings none, the ID token stays")
    void keepsTheOldOneWhereThereIsNoNewOne() {
        assertThat(read()).isEqualTo(2);
        assertThat(idToken()).isEqualTo(first);
    }

    @ParameterizedTest
    @DisplayName("A14: an ID token that can't be believed is not kept, the access token is served all the same")
    @CsvSource({"iss, https://evil.example", "aud, another", "azp, another", "nonce, n-2", "iat, never", "auth_time, 7"
    })
    void doesNotKeepWhatCanNotBeBelieved(String claim, String value) {
        double invalid = checks("invalid");
        claims.put(claim, claim.equals("auth_time") ? Long.valueOf(value) : value);
        server.idTokens().answer(server.idTokens().sign(claims));
        assertThat(read()).isEqualTo(2);
        assertThat(idToken()).isEqualTo(first);
        assertThat(checks("invalid")).isEqualTo(invalid + 1);
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.ACTIVE);
    }

    @ParameterizedTest
    @DisplayName("A14: no algorithm but the asymmetric ones signs an ID token")
    @ValueSource(strings = {"none", "HS256", "HS512", "nonsense"})
    void takesNoOtherAlgorithm(String algorithm) {
        server.idTokens().answer(server.idTokens().unsigned(algorithm, claims));
        assertThat(read()).isEqualTo(2);
        assertThat(idToken()).isEqualTo(first);
    }

    @ParameterizedTest
    @DisplayName("A14: an ID token whose header is odd is not kept, and the tokens beside it are")
    @ValueSource(strings = {"\"kid\":7", "\"x5t\":7", "\"x5t#S256\":[\"a\"]", "\"kid\":{}", "\"crit\":7"})
    void storesTheTokensBesideAnOddIdToken(String member) {
        server.idTokens().answer(server.idTokens().signWithHeader("{\"alg\":\"RS256\"," + member + "}", claims));
        assertThat(read()).isEqualTo(2);
        assertThat(idToken()).isEqualTo(first);
        assertThat(server.ledger().spentTwice()).isEmpty();
    }

    @Test
    @DisplayName("A14: a signature by another key is not kept")
    void keepsNothingThatAnotherKeySigned() {
        server.idTokens().answer(server.idTokens().sign(claims));
        assertThat(read()).isEqualTo(2);
        await().until(() -> keysAreKnown());
        double invalid = checks("invalid");
        String good = idToken();
        server.idTokens().answer(server.idTokens().signWithAnothersKey(claims));
        fixture.update(id, "access_token_expires_at = now(), not_before = null");
        assertThat(read()).isEqualTo(3);
        await().until(() -> checks("invalid") == invalid + 1);
        assertThat(idToken()).isEqualTo(good);
    }

    @Test
    @DisplayName("A14: another subject quarantines the session: its tokens are kept, nothing is served, one event")
    void anotherSubjectQuarantinesTheSession() {
        double quarantined = quarantined();
        claims.put("sub", "mallory");
        server.idTokens().answer(server.idTokens().sign(claims));
        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        ReauthenticationRequiredException.class,
                        required -> assertThat(required.code()).isEqualTo("quarantined"));
        assertThat(fixture.column(id, "status || ' ' || rt_version || ' ' || failure_code"))
                .isEqualTo("QUARANTINED 2 other_subject");
        assertThat(fixture.column(id, "access_token is null and refresh_due_at is null"))
                .isEqualTo("t");
        assertThat(fixture.snapshot(id).access().token()).isNull();
        assertThat(server.ledger().timesSpent(tokens.refreshToken())).isOne();
        assertThat(ended.of(id))
                .singleElement()
                .satisfies(event -> assertThat(event.code()).isEqualTo("other_subject"));
        assertThat(quarantined()).isEqualTo(quarantined + 1);
        // The refresh token that it was registered with, brought once more, is no new sign-in.
        fixture.replace(id, tokens);
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.QUARANTINED);
        IssuedTokens signedInAgain = server.issue("alice");
        fixture.replace(id, signedInAgain);
        assertThat(fixture.session(id).status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(reader.read(id, Duration.ZERO).toCompletableFuture().join().value())
                .isEqualTo(signedInAgain.accessToken());
    }

    private boolean keysAreKnown() {
        return server.idTokens().jwksRequests() > 0;
    }

    private double checks(String result) {
        return meters.counter("tokenkeep.id.token.checks", "registration", "keyed", "result", result)
                .count();
    }

    private double quarantined() {
        return meters.counter("tokenkeep.sessions.quarantined", "registration", "keyed")
                .count();
    }

    private String idToken() {
        Secret value = reader.idToken(id, false).toCompletableFuture().join().value();
        return value == null ? "" : value.reveal();
    }

    private long read() {
        try {
            return reader.read(id, Duration.ZERO).toCompletableFuture().join().version();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }
}
