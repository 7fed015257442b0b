package dev.tokenkeep.rest;

import io.quarkus.security.StringPermission;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.Permission;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Gives a verified JWT the permissions of the caller that it is configured to be. Anybody else gets nothing. */
@ApplicationScoped
class CallerPermissions implements SecurityIdentityAugmentor {

    private final Callers callers;

    CallerPermissions(Callers callers) {
        this.callers = callers;
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        Optional<Caller> caller = identity.getPrincipal() instanceof JsonWebToken jwt && jwt.getSubject() != null
                ? callers.of(jwt.getSubject())
                : Optional.empty();
        return Uni.createFrom()
                .item(caller.map(known -> permitted(identity, known)).orElse(identity));
    }

    private static SecurityIdentity permitted(SecurityIdentity identity, Caller caller) {
        List<Permission> held =
                caller.permissions().stream().map(CallerPermissions::permission).toList();
        return QuarkusSecurityIdentity.builder(identity)
                .addAttribute(Caller.ATTRIBUTE, caller)
                .addPermissionChecker(required ->
                        Uni.createFrom().item(held.stream().anyMatch(permission -> permission.implies(required))))
                .build();
    }

    /** {@code tokens:read} is the action {@code read} on {@code tokens}. */
    private static Permission permission(String permission) {
        String[] parts = permission.split(":", 2);
        return new StringPermission(parts[0], parts[1]);
    }
}
