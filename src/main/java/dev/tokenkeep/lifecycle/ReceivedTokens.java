package dev.tokenkeep.lifecycle;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.session.RegistrationResult;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tokens to store.
 *
 * @param response has a refresh token or an access token
 * @param age how long ago they were asked for; their lifetimes count from there (CONFORMANCE E)
 * @param dpopKey what they are bound to (RFC 9449); null if Tokenkeep did not ask for them with a key
 * @param beside what else is written in the same transaction
 */
public record ReceivedTokens(
        TokenResponse response, Duration age, @Nullable Secret dpopKey, Consumer<RegistrationResult> beside) {

    static ReceivedTokens now(TokenResponse response) {
        return new ReceivedTokens(response, Duration.ZERO, null, result -> {});
    }
}
