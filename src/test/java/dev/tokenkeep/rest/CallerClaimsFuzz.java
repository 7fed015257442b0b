package dev.tokenkeep.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.fuzz.FuzzInput;
import dev.tokenkeep.registration.ClientRegistrations;
import io.quarkus.security.StringPermission;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import java.util.Map;
import java.util.Objects;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;

/** Whatever a verified JWT claims, it is the caller that is configured for its subject, or nobody. */
public final class CallerClaimsFuzz {

    private static final Map<String, Permission> CALLERS =
            Map.of("sub-reader", Permission.TOKENS_READ, "system:serviceaccount:a:b", Permission.SESSIONS_WRITE);
    private static final CallerPermissions PERMISSIONS = new CallerPermissions(callers());

    private CallerClaimsFuzz() {}

    public static void read(FuzzInput input) {
        JwtClaims claims;
        try {
            claims = JwtClaims.parse(input.text());
        } catch (InvalidJwtException e) {
            return;
        }
        SecurityIdentity verified = QuarkusSecurityIdentity.builder()
                .setPrincipal(new DefaultJWTCallerPrincipal(claims))
                .build();

        SecurityIdentity identity = PERMISSIONS.augment(verified, null).await().indefinitely();

        Object subject = claims.getClaimValue("sub");
        Permission held = subject instanceof String text ? CALLERS.get(text) : null;
        Caller caller = identity.getAttribute(Caller.ATTRIBUTE);
        assertThat(caller == null).isEqualTo(held == null);
        for (Permission permission : Permission.values()) {
            assertThat(identity.checkPermission(permission(permission)).await().indefinitely())
                    .isEqualTo(permission == held);
        }
        if (caller != null) {
            assertThat(caller.name()).isEqualTo(Objects.equals(subject, "sub-reader") ? "reader" : "writer");
            assertThat(caller.permissions()).containsExactly(held);
        }
    }

    /** As an annotation's is read: an action follows the colon. */
    private static StringPermission permission(Permission permission) {
        String[] parts = permission.needed().split(":");
        return new StringPermission(parts[0], parts[1]);
    }

    private static Callers callers() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(CallersConfig.class)
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "tokenkeep.callers.reader.subject", "sub-reader",
                                "tokenkeep.callers.reader.permissions", "tokens:read",
                                "tokenkeep.callers.writer.subject", "system:serviceaccount:a:b",
                                "tokenkeep.callers.writer.permissions", "sessions:write"),
                        "callers",
                        100))
                .build();
        return new Callers(config.getConfigMapping(CallersConfig.class), new ClientRegistrations(Map.of()), config);
    }
}
