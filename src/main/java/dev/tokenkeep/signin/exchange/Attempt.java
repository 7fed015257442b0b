package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.SignInIdTokenRules.Expected;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.store.Authorization;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A token request of a sign-in, under way.
 *
 * @param id of the claim, under which its result is stored
 * @param expected what the ID token has to say
 * @param dpopKey what the tokens are bound to; null for nothing
 */
public record Attempt(
        UUID id,
        Authorization authorization,
        ClientRegistration registration,
        Expected expected,
        @Nullable Secret dpopKey) {

    String authorizationId() {
        return authorization.id();
    }
}
