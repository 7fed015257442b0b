package dev.tokenkeep.lifecycle;

import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.session.RegistrationResult;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Tokens to store.
 *
 * @param response has a refresh token or an access token
 * @param age how long ago they were asked for; their lifetimes count from there (CONFORMANCE E)
 * @param beside what else is written in the same transaction
 */
public record ReceivedTokens(TokenResponse response, Duration age, Consumer<RegistrationResult> beside) {

    static ReceivedTokens now(TokenResponse response) {
        return new ReceivedTokens(response, Duration.ZERO, result -> {});
    }
}
