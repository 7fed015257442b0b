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
import org.eclipse.microprofile.jwt.Claims;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Gives a verified JWT whose {@code sub} is a configured caller's that caller's permissions, and nobody else any. */
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
        // A sub may be anything in JSON, and getSubject() casts.
        return !identity.isAnonymous()
                        && identity.getPrincipal() instanceof JsonWebToken token
                        && token.<Object>getClaim(Claims.sub.name()) instanceof String subject
                ? callers.bySubject(subject)
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
