package dev.tokenkeep.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.UserActionRequiredException;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.refresh.RefreshResult;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.Session;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenAvailabilityTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void servesWhatARefreshBroughtUntilItExpires() {
        var brought = new RefreshResult.Refreshed(Secret.of("at"), "Bearer", 1_000, "read", 7);
        assertThat(TokenAvailability.token(brought, 400))
                .contains(new AccessToken("at", "Bearer", Duration.ofNanos(600), "read", 7, SessionStatus.ACTIVE));
        assertThat(TokenAvailability.token(brought, 999)).isPresent();
        assertThat(TokenAvailability.token(brought, 1_000)).isEmpty();
    }

    @Test
    void servesNothingOfASessionThatIsNotActive() {
        assertThatCode(() -> TokenAvailability.requireActive(session(SessionStatus.ACTIVE)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> TokenAvailability.requireActive(session(SessionStatus.USER_ACTION_REQUIRED)))
                .isInstanceOfSatisfying(
                        UserActionRequiredException.class,
                        e -> assertThat(e.code()).isEqualTo("why"));
        assertThatThrownBy(() -> TokenAvailability.requireActive(session(SessionStatus.REAUTHENTICATION_REQUIRED)))
                .isInstanceOfSatisfying(
                        ReauthenticationRequiredException.class,
                        e -> assertThat(e.code()).isEqualTo("why"));
        assertThatThrownBy(() -> TokenAvailability.requireActive(session(SessionStatus.QUARANTINED)))
                .isInstanceOfSatisfying(
                        ReauthenticationRequiredException.class,
                        e -> assertThat(e.code()).isEqualTo("quarantined"));
    }

    @Test
    void aUserWhoMustActHasAGrantAllTheSame() {
        assertThatCode(() -> TokenAvailability.requireGrant(session(SessionStatus.USER_ACTION_REQUIRED)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> TokenAvailability.requireGrant(session(SessionStatus.REMOVED)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tellsWhenToComeBackAndNeverAtOnce() {
        assertThat(unavailable(new RefreshResult.NotNow(Reason.REGISTRATION_PAUSED, Duration.ofMinutes(3))))
                .isEqualTo(Reason.REGISTRATION_PAUSED + " PT3M");
        assertThat(unavailable(new RefreshResult.NotNow(Reason.AUTHORIZATION_SERVER_UNAVAILABLE, Duration.ZERO)))
                .isEqualTo(Reason.AUTHORIZATION_SERVER_UNAVAILABLE + " PT0.1S");
        assertThat(unavailable(new RefreshResult.Changed()))
                .isEqualTo(Reason.AUTHORIZATION_SERVER_UNAVAILABLE + " PT1S");
    }

    private static String unavailable(RefreshResult ending) {
        TokenUnavailableException exception = TokenAvailability.unavailable("id", ending);
        return exception.reason() + " " + exception.retryAfter();
    }

    private static Session session(SessionStatus status) {
        return new Session(
                "id",
                "test",
                new Session.Owner("tester", "alice"),
                status,
                new Session.Tokens(null, null, 1, "key", GrantType.REFRESH_TOKEN),
                new Session.Times(NOW, null, null),
                new Session.Failure("why", NOW, 1));
    }
}
