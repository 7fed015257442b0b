package dev.tokenkeep.caller;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;

/** Runs before SmallRye JWT, so that a JWT that was verified a moment ago is not verified again. */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class CachedIdentityProvider implements IdentityProvider<TokenAuthenticationRequest> {

    /** SmallRye JWT's provider has the default priority, SYSTEM_FIRST + 1. */
    private static final int BEFORE_SMALLRYE_JWT = SYSTEM_FIRST + 100;

    private final VerifiedTokenCache verified;
    private final CallerTokenVerifier verifier;

    CachedIdentityProvider(VerifiedTokenCache verified, CallerTokenVerifier verifier) {
        this.verified = verified;
        this.verifier = verifier;
    }

    @Override
    public Class<TokenAuthenticationRequest> getRequestType() {
        return TokenAuthenticationRequest.class;
    }

    @Override
    public int priority() {
        return BEFORE_SMALLRYE_JWT;
    }

    /** Completes with null if the next provider has to verify the JWT. Its keys have been fetched by then. */
    @Override
    public Uni<SecurityIdentity> authenticate(
            TokenAuthenticationRequest request, AuthenticationRequestContext context) {
        String token = request.getToken().getToken();
        SecurityIdentity known = verified.identity(token);
        return known == null
                ? onceReady(verifier.prepare(token).toCompletableFuture())
                : Uni.createFrom().item(known);
    }

    /** Continues the call in its own context, not on the thread that received the keys. */
    private static Uni<SecurityIdentity> onceReady(CompletableFuture<Void> ready) {
        Uni<SecurityIdentity> nothing = Uni.createFrom().nullItem();
        if (ready.isDone()) {
            return nothing;
        }
        Context call = Vertx.currentContext();
        Uni<Void> fetched = Uni.createFrom().completionStage(ready);
        return (call == null ? fetched : fetched.emitOn(task -> call.runOnContext(ignored -> task.run())))
                .chain(() -> nothing);
    }
}
