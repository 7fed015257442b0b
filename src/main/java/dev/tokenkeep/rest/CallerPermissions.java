package dev.tokenkeep.rest;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Gives a verified JWT that is a configured caller's that caller's permissions, and nobody else any. */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class CallerPermissions implements SecurityIdentityAugmentor {

    private final Callers callers;

    CallerPermissions(Callers callers) {
        this.callers = callers;
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        return Uni.createFrom()
                .item(caller(identity).map(caller -> allowed(identity, caller)).orElse(identity));
    }

    private Optional<Caller> caller(SecurityIdentity identity) {
        return !identity.isAnonymous() && identity.getPrincipal() instanceof JsonWebToken token
                ? callers.find(CallerClaims.of(token))
                : Optional.empty();
    }

    private static SecurityIdentity allowed(SecurityIdentity identity, Caller caller) {
        return QuarkusSecurityIdentity.builder(identity)
                .addPermissionsAsString(
                        caller.permissions().stream().map(Permission::needed).collect(Collectors.toSet()))
                .addAttribute(Caller.ATTRIBUTE, caller)
                .build();
    }
}
