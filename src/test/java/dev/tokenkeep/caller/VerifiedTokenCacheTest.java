package dev.tokenkeep.caller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.settings.RedirectUris;
import dev.tokenkeep.testing.GeneratedCaches;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;

/** How long a caller is believed by a JWT that was verified. */
class VerifiedTokenCacheTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Caller CALLER = new Caller(
            "orders",
            Set.of(),
            null,
            Set.of("orders"),
            1,
            null,
            new RedirectUris(Set.of()),
            new RedirectUris(Set.of()));

    private static final SecurityIdentity IDENTITY =
            QuarkusSecurityIdentity.builder().setAnonymous(true).build();

    private long nanos;
    private final VerifiedTokenCache callers = new VerifiedTokenCache(Clock.fixed(NOW, ZoneOffset.UTC), () -> nanos);

    @Test
    void believesAVerifiedJwtToTheLetter() {
        callers.verified(jwt("a.b.c", Duration.ofHours(1)), CALLER, IDENTITY);
        assertThat(callers.find("Bearer a.b.c")).isSameAs(CALLER);
        assertThat(callers.find("Bearer a.b.C")).isNull();
        assertThat(callers.find("bearer a.b.c")).isNull();
        assertThat(callers.find("Bearer a.b.c ")).isNull();
        assertThat(callers.find("a.b.c")).isNull();
        assertThat(callers.identity("a.b.c")).isSameAs(IDENTITY);
        assertThat(callers.identity("a.b.C")).isNull();
    }

    @Test
    void believesNoOtherClaimsForTheSignaturesSake() {
        String signature = "s".repeat(342);
        callers.verified(jwt("a.b." + signature, Duration.ofHours(1)), CALLER, IDENTITY);
        assertThat(callers.find("Bearer a.b." + signature)).isSameAs(CALLER);
        assertThat(callers.find("Bearer a.c." + signature)).isNull();
        assertThat(callers.find("Bearer b.b." + signature)).isNull();
        assertThat(callers.identity("a.c." + signature)).isNull();
    }

    @Test
    void believesItForAMinuteAtMost() {
        callers.verified(jwt("a.b.c", Duration.ofHours(1)), CALLER, IDENTITY);
        nanos += Duration.ofMinutes(1).toNanos() - 1;
        assertThat(callers.find("Bearer a.b.c")).isNotNull();
        nanos++;
        assertThat(callers.find("Bearer a.b.c")).isNull();
        assertThat(callers.identity("a.b.c")).isNull();
    }

    @Test
    void believesItNoLongerThanItLives() {
        callers.verified(jwt("a.b.c", Duration.ofSeconds(5)), CALLER, IDENTITY);
        nanos += Duration.ofSeconds(5).toNanos() - 1;
        assertThat(callers.find("Bearer a.b.c")).isNotNull();
        nanos++;
        assertThat(callers.find("Bearer a.b.c")).isNull();
    }

    /** It was good by the skew of clocks that is allowed. */
    @Test
    void believesNoneThatHasExpired() {
        callers.verified(jwt("a.b.c", Duration.ZERO), CALLER, IDENTITY);
        callers.verified(jwt("d.e.f", Duration.ofSeconds(-5)), CALLER, IDENTITY);
        assertThat(callers.find("Bearer a.b.c")).isNull();
        assertThat(callers.find("Bearer d.e.f")).isNull();
    }

    @Test
    void itsCacheIsThereInANativeExecutable() throws Exception {
        assertThat(GeneratedCaches.of(callers, "byAuthorization")).isEqualTo(GeneratedCaches.REGISTERED);
    }

    private static JsonWebToken jwt(String raw, Duration left) {
        Map<String, Object> claims =
                Map.of("raw_token", raw, "exp", NOW.plus(left).getEpochSecond());
        return new JsonWebToken() {
            @Override
            public String getName() {
                return "sub-orders";
            }

            @Override
            public Set<String> getClaimNames() {
                return claims.keySet();
            }

            @Override
            @SuppressWarnings("unchecked")
            public <T> T getClaim(String name) {
                return (T) claims.get(name);
            }
        };
    }
}
