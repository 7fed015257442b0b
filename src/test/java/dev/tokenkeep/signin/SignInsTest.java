package dev.tokenkeep.signin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tokenkeep.BegunSignIn;
import dev.tokenkeep.BegunSignIn.NextStep.EnterCode;
import dev.tokenkeep.BegunSignIn.NextStep.OpenBrowser;
import dev.tokenkeep.NewSignIn;
import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.SignInOutcome;
import dev.tokenkeep.SignInUnavailableException;
import dev.tokenkeep.SignIns;
import dev.tokenkeep.TokenProvider;
import dev.tokenkeep.testing.AuthorizationCodes;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An application signs its users in through {@code @Inject SignIns}. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(SignInResource.class)
class SignInsTest {

    private static final String REDIRECT_URI = SignInResource.REDIRECT_URI;

    ScriptedAuthorizationServer server;

    @Inject
    SignIns signIns;

    @Inject
    TokenProvider tokens;

    @AfterEach
    void asUsual() {
        server.asUsual();
        server.devices().members("");
    }

    private static String someone() {
        return "user-" + UUID.randomUUID();
    }

    private static OpenBrowser browser(BegunSignIn begun) {
        return (OpenBrowser) begun.next();
    }

    private String callback(BegunSignIn begun, Map<String, String> parameters) {
        var all = new LinkedHashMap<>(Map.of(
                "state",
                String.valueOf(browser(begun).state()),
                "iss",
                server.issuer().toString()));
        all.putAll(parameters);
        return REDIRECT_URI + "&" + AuthorizationCodes.query(all);
    }

    private String consent(BegunSignIn begun, String user) {
        return callback(
                begun, Map.of("code", server.codes().issue(user, browser(begun).uri())));
    }

    private void hasAnActiveToken(SignInOutcome outcome) {
        assertThat(outcome).isInstanceOf(SignInOutcome.SignedIn.class);
        String session = ((SignInOutcome.SignedIn) outcome).sessionId();
        assertThat(server.isActive(tokens.accessToken(session).value())).isTrue();
    }

    @Test
    void signsInWithTheApplicationsOwnCallback() {
        BegunSignIn begun = signIns.begin(
                NewSignIn.withCallback("openid", someone(), REDIRECT_URI).withParameter("prompt", "consent"));
        assertThat(server.codes().parameters(browser(begun).uri())).containsEntry("prompt", "consent");
        assertThat(begun.toString() + begun.next())
                .doesNotContain(browser(begun).state());
        assertThat(signIns.await(begun.id(), Duration.ZERO)).isEqualTo(new SignInOutcome.Pending());
        String callback = consent(begun, "alice");
        SignInOutcome outcome = signIns.complete(begun.id(), callback);
        hasAnActiveToken(outcome);
        assertThat(signIns.complete(begun.id(), callback)).isEqualTo(outcome);
        assertThat(signIns.await(begun.id(), Duration.ofHours(1))).isEqualTo(outcome);
    }

    @Test
    void signsInWithTheHostedCallback() {
        String subject = someone();
        BegunSignIn begun = signIns.begin(NewSignIn.withHostedCallback("openid", subject, SignInResource.RETURN_URI));
        assertThat(browser(begun).state()).isNull();
        var opened = given().redirects().follow(false).get(browser(begun).uri().getRawPath());
        URI gone = URI.create(opened.header("Location"));
        String query = AuthorizationCodes.query(Map.of(
                "state",
                server.codes().parameters(gone).get("state"),
                "iss",
                server.issuer().toString(),
                "code",
                server.codes().issue("alice", gone)));
        String returned = given().redirects()
                .follow(false)
                .cookies(opened.cookies())
                .urlEncodingEnabled(false)
                .get("/connect/openid/callback?" + query)
                .header("Location");
        String confirmation = returned.replaceFirst(".*[?&]confirmation=([^&]*).*", "$1");
        assertThat(signIns.await(begun.id(), Duration.ZERO)).isEqualTo(new SignInOutcome.AwaitingConfirmation());
        assertThat(signIns.confirm(begun.id(), confirmation, "mallory"))
                .isEqualTo(new SignInOutcome.CallbackRefused("other_subject_signed_in"));
        hasAnActiveToken(signIns.confirm(begun.id(), confirmation, subject));
    }

    @Test
    void signsInWithAUserCode() {
        server.devices().members(",\"interval\":1");
        BegunSignIn begun = signIns.begin(NewSignIn.withUserCode("openid", someone()));
        var code = (EnterCode) begun.next();
        assertThat(code.uri()).isEqualTo(server.issuer().resolve("/device"));
        assertThat(code.toString()).doesNotContain(code.userCode());
        server.devices().approve(code.userCode(), "alice");
        hasAnActiveToken(signIns.await(begun.id(), Duration.ofSeconds(30)));
    }

    @Test
    void signsInAgain() {
        String subject = someone();
        BegunSignIn first = signIns.begin(NewSignIn.withCallback("openid", subject, REDIRECT_URI));
        var session = ((SignInOutcome.SignedIn) signIns.complete(first.id(), consent(first, "alice"))).sessionId();
        BegunSignIn again = signIns.begin(
                NewSignIn.withCallback("openid", subject, REDIRECT_URI).ofSession(session));
        assertThat(signIns.complete(again.id(), consent(again, "alice")))
                .isEqualTo(new SignInOutcome.SignedIn(session));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signIns.begin(NewSignIn.withCallback("openid", someone(), REDIRECT_URI)
                        .ofSession(session)))
                .withMessageContaining("session");
        assertThatExceptionOfType(SessionNotFoundException.class)
                .isThrownBy(() -> signIns.begin(
                        NewSignIn.withCallback("openid", subject, REDIRECT_URI).ofSession("nobody-knows-this")));
    }

    @Test
    void tellsWhatCameOfIt() {
        BegunSignIn begun = signIns.begin(NewSignIn.withCallback("openid", someone(), REDIRECT_URI));
        assertThat(signIns.complete(begun.id(), callback(begun, Map.of("state", "forged", "code", "1"))))
                .isEqualTo(new SignInOutcome.CallbackRefused("state_mismatch"));
        assertThat(signIns.complete(begun.id(), callback(begun, Map.of("error", "access_denied"))))
                .isEqualTo(new SignInOutcome.Denied("access_denied"));
        assertThat(signIns.complete(begun.id(), callback(begun, Map.of("code", "unknown to the server"))))
                .isEqualTo(new SignInOutcome.Over("invalid_grant"));
        assertThat(signIns.complete("nobody-knows-this-one", "https://web.example/"))
                .isEqualTo(new SignInOutcome.Over("unknown"));
    }

    @Test
    void refusesWhatTheApplicationCannotHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signIns.begin(NewSignIn.withCallback("openid", "alice", REDIRECT_URI + "/")))
                .withMessageContaining("redirect_uri");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signIns.begin(NewSignIn.withHostedCallback("openid", "alice", REDIRECT_URI)))
                .withMessageContaining("return_uri");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signIns.begin(NewSignIn.withCallback("nobody", "alice", REDIRECT_URI)))
                .withMessageContaining("registration");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signIns.begin(
                        NewSignIn.withCallback("openid", "alice", REDIRECT_URI).withParameter("state", "mine")))
                .withMessageContaining("parameters");
        for (String subject : List.of("", " ", "x".repeat(256), "alice\u0000")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> NewSignIn.withUserCode("openid", subject))
                    .withMessageContaining("subject");
        }
        assertThatExceptionOfType(SignInUnavailableException.class)
                .isThrownBy(() -> signIns.begin(NewSignIn.withCallback("none", "alice", REDIRECT_URI)))
                .satisfies(failure -> {
                    assertThat(failure.reason()).isEqualTo(SignInUnavailableException.Reason.NOT_POSSIBLE);
                    assertThat(failure.code()).isEqualTo("no_authorization_endpoint");
                    assertThat(failure.retryAfter()).isEmpty();
                });
    }

    @Test
    void anotherCallersSignInIsNone() {
        var web = new Browser("web", server);
        Browser.Begun begun = web.begin("openid");
        assertThat(signIns.complete(begun.id(), web.consent(begun, "alice")))
                .isEqualTo(new SignInOutcome.Over("unknown"));
        web.complete(begun, web.consent(begun, "alice")).statusCode(201);
    }
}
