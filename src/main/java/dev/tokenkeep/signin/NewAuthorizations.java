package dev.tokenkeep.signin;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.store.Authorization.Asked;
import dev.tokenkeep.signin.store.AuthorizationStore;
import dev.tokenkeep.signin.store.AuthorizationStore.Beginning;
import dev.tokenkeep.signin.store.AuthorizationStore.Limits;
import dev.tokenkeep.signin.store.AuthorizationStore.Means;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Stores sign-ins that begin, unless too many have begun. */
@Singleton
class NewAuthorizations {

    /** Once so many have begun, some end soon. */
    private static final Duration TOO_MANY_RETRY_AFTER = Duration.ofMinutes(1);

    private final AuthorizationStore store;
    private final SignInSecrets secrets;
    private final SignInConfig config;

    NewAuthorizations(AuthorizationStore store, SignInSecrets secrets, SignInConfig config) {
        this.store = store;
        this.secrets = secrets;
        this.config = config;
    }

    Duration lifetime() {
        return config.lifetime();
    }

    /**
     * Asked before the authorization server is, which a caller over its limits must not use up (CONFORMANCE K20). Blocks
     * on the database.
     *
     * @throws SignInException if too many have begun
     */
    void requireRoom(Asked asked) {
        if (!store.hasRoom(asked, limits())) {
            throw SignInException.tooMany(TOO_MANY_RETRY_AFTER);
        }
    }

    private Limits limits() {
        return new Limits(config.maxPending(), config.maxPendingOfSubject());
    }

    /**
     * Returns the id of the stored sign-in. Blocks on the database.
     *
     * @param server the issuer, or the endpoints where no issuer is known
     * @throws SignInException if too many have begun
     */
    String add(ClientRegistration registration, SignInRequest request, String server, Means means, Duration lifetime) {
        String id = secrets.id();
        var checks = SignInParameters.checks(registration, request.parameters(), server);
        boolean added = store.add(new Beginning(id, request.asked(), checks, means), lifetime, limits());
        if (!added) {
            throw SignInException.tooMany(TOO_MANY_RETRY_AFTER);
        }
        return id;
    }
}
