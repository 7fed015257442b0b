package dev.tokenkeep.caller;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** Gives a verified JWT the permissions of the configured caller that it matches. Other identities get none. */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class CallerIdentityAugmentor implements SecurityIdentityAugmentor {

    private final Callers callers;
    private final @Nullable VerifiedTokenCache verified;

    /** @param verified exists only in the service */
    @Inject
    CallerIdentityAugmentor(Callers callers, Instance<VerifiedTokenCache> verified) {
        this(callers, verified.isResolvable() ? verified.get() : null);
    }

    CallerIdentityAugmentor(Callers callers, @Nullable VerifiedTokenCache verified) {
        this.callers = callers;
        this.verified = verified;
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        return Uni.createFrom().item(augmented(identity));
    }

    private SecurityIdentity augmented(SecurityIdentity identity) {
        // A cached identity: the cache has already decided how long it is valid.
        boolean known = identity.getAttribute(Caller.ATTRIBUTE) instanceof Caller;
        return !known && !identity.isAnonymous() && identity.getPrincipal() instanceof JsonWebToken token
                ? callers.find(CallerClaims.of(token))
                        .map(caller -> allowed(identity, caller, token))
                        .orElse(identity)
                : identity;
    }

    private SecurityIdentity allowed(SecurityIdentity identity, Caller caller, JsonWebToken token) {
        SecurityIdentity allowed = allowed(identity, caller);
        if (verified != null) {
            verified.verified(token, caller, allowed);
        }
        return allowed;
    }

    private static SecurityIdentity allowed(SecurityIdentity identity, Caller caller) {
        return QuarkusSecurityIdentity.builder(identity)
                .addPermissionsAsString(
                        caller.permissions().stream().map(Permission::needed).collect(Collectors.toSet()))
                .addAttribute(Caller.ATTRIBUTE, caller)
                .build();
    }
}
