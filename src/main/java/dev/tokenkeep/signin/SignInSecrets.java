package dev.tokenkeep.signin;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.store.AuthorizationStore.Secrets;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Base64;

/** Makes what nobody may guess. */
@Singleton
class SignInSecrets {

    private static final int ID_BYTES = 24;
    /** 256 bits; 43 characters, the shortest verifier that RFC 7636 §4.1 allows. */
    private static final int SECRET_BYTES = 32;

    private final SecureRandom random = new SecureRandom();

    String id() {
        return text(ID_BYTES);
    }

    Secrets make(ClientRegistration registration, boolean nonce) {
        return new Secrets(
                secret(),
                secret(),
                nonce ? secret() : null,
                registration.accessTokens().newDpopKey());
    }

    Secret secret() {
        return Secret.of(text(SECRET_BYTES));
    }

    private String text(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
