package dev.tokenkeep.caller;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Asked before SmallRye JWT: a JWT that was verified a moment ago is not verified again. */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class CachedIdentityProvider implements IdentityProvider<TokenAuthenticationRequest> {

    /** SmallRye JWT's has the default, SYSTEM_FIRST + 1. */
    private static final int BEFORE_SMALLRYE_JWT = SYSTEM_FIRST + 100;

    private final VerifiedTokenCache callers;

    CachedIdentityProvider(VerifiedTokenCache callers) {
        this.callers = callers;
    }

    @Override
    public Class<TokenAuthenticationRequest> getRequestType() {
        return TokenAuthenticationRequest.class;
    }

    @Override
    public int priority() {
        return BEFORE_SMALLRYE_JWT;
    }

    /** Nothing, where the next provider has to look. */
    @Override
    public Uni<SecurityIdentity> authenticate(
            TokenAuthenticationRequest request, AuthenticationRequestContext context) {
        return Uni.createFrom().item(callers.identity(request.getToken().getToken()));
    }
}
