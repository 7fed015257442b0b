package dev.tokenkeep.caller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.fuzz.FuzzInput;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import io.quarkus.security.StringPermission;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import java.util.List;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;

/**
 * Whatever a verified JWT claims, it is the caller that is configured for its subject, or else the only one whose group or
 * scope it has, or nobody.
 */
public final class CallerClaimsFuzz {

    private static final Map<String, Permission> CALLERS = Map.of(
            "reader", Permission.TOKENS_READ,
            "writer", Permission.SESSIONS_WRITE,
            "grouped", Permission.SESSIONS_READ,
            "scoped", Permission.SESSIONS_ADMIN);
    private static final CallerIdentityAugmentor PERMISSIONS =
            new CallerIdentityAugmentor(callers(), (VerifiedTokenCache) null);

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

        String expected = expected(claims);
        Permission held = expected == null ? null : CALLERS.get(expected);
        Caller caller = identity.getAttribute(Caller.ATTRIBUTE);
        assertThat(caller == null ? null : caller.name()).isEqualTo(expected);
        for (Permission permission : Permission.values()) {
            assertThat(identity.checkPermission(permission(permission)).await().indefinitely())
                    .isEqualTo(permission == held);
        }
        if (caller != null) {
            assertThat(caller.permissions()).containsExactly(held);
        }
    }

    private static String expected(JwtClaims claims) {
        if (!(claims.getClaimValue("sub") instanceof String subject) || subject.isBlank()) {
            return null;
        }
        if (subject.equals("sub-reader") || subject.equals("system:serviceaccount:a:b")) {
            return subject.equals("sub-reader") ? "reader" : "writer";
        }
        boolean grouped = has(claims.getClaimValue("groups"), "team");
        boolean scoped = has(claims.getClaimValue("scope"), "keep") || has(claims.getClaimValue("scp"), "keep");
        return grouped == scoped ? null : grouped ? "grouped" : "scoped";
    }

    private static boolean has(Object claim, String value) {
        return claim instanceof List<?> several
                ? several.contains(value)
                : claim instanceof String text && List.of(text.split(" ")).contains(value);
    }

    /** As an annotation's is read: an action follows the colon. */
    private static StringPermission permission(Permission permission) {
        String[] parts = permission.needed().split(":");
        return new StringPermission(parts[0], parts[1]);
    }

    private static Callers callers() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(CallersConfig.class)
                .withMapping(IssuersConfig.class)
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "tokenkeep.callers.reader.subject", "sub-reader",
                                "tokenkeep.callers.reader.permissions", "tokens:read",
                                "tokenkeep.callers.writer.subject", "system:serviceaccount:a:b",
                                "tokenkeep.callers.writer.permissions", "sessions:write",
                                "tokenkeep.callers.grouped.group", "team",
                                "tokenkeep.callers.grouped.permissions", "sessions:read",
                                "tokenkeep.callers.scoped.scope", "keep",
                                "tokenkeep.callers.scoped.permissions", "sessions:admin"),
                        "callers",
                        100))
                .build();
        return new Callers(
                config.getConfigMapping(CallersConfig.class),
                config.getConfigMapping(IssuersConfig.class),
                TestClientRegistrations.fixed(Map.of()),
                config);
    }
}
