package dev.tokenkeep.lifecycle;

import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.refresh.TokenSetFactory;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.added.RegistrationFence;
import dev.tokenkeep.session.Renewal;
import dev.tokenkeep.session.TokenSet;
import jakarta.inject.Singleton;
import java.time.Instant;

/** Creates the tokens of a grant within the transaction that stores them. */
@Singleton
class GrantedTokens {

    private final TokenSetFactory tokenSets;
    private final RegistrationFence fence;

    GrantedTokens(TokenSetFactory tokenSets, RegistrationFence fence) {
        this.tokenSets = tokenSets;
        this.fence = fence;
    }

    /**
     * @param obtained when the tokens were asked for
     * @throws dev.tokenkeep.registration.RegistrationGoneException if the registration is not the same any more
     */
    TokenSet of(TokenResponse response, Renewal renewal, ClientRegistration registration, Instant obtained) {
        fence.check(registration);
        return tokenSets.granted(response, renewal, registration, obtained);
    }
}
