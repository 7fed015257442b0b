package dev.tokenkeep.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Rules of what is served, tried with whatever lifetimes there may be. */
class TokenAvailabilityPropertiesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long HOUR = 3_600_000L;

    @Property(tries = 500)
    @Label("E: no token is served after its expiry, nor with less left than was asked for")
    void noTokenIsServedAfterItsExpiry(
            @ForAll @LongRange(min = -HOUR, max = HOUR) long remainingMillis,
            @ForAll @LongRange(min = 0, max = HOUR) long sinceMillis,
            @ForAll @LongRange(min = 0, max = HOUR) long minTtlMillis) {
        var seen = snapshot(Duration.ofMillis(remainingMillis));
        var served = TokenAvailability.token(
                seen,
                Duration.ofMillis(minTtlMillis),
                Duration.ofMillis(sinceMillis).toNanos());
        long left = remainingMillis - sinceMillis;
        assertThat(served.isPresent()).isEqualTo(left > 0 && left >= minTtlMillis);
        served.ifPresent(token -> assertThat(token.expiresIn().toMillis()).isEqualTo(left));
    }

    private static SessionSnapshot snapshot(Duration remaining) {
        var session = new Session(
                "id",
                "test",
                new Session.Owner("tester", "alice"),
                SessionStatus.ACTIVE,
                new Session.Tokens(null, null, 1, "key", GrantType.REFRESH_TOKEN),
                new Session.Times(NOW, null, null),
                null);
        return new SessionSnapshot(
                session,
                new SessionSnapshot.AccessToken(Secret.of("at"), "Bearer", null, remaining, Duration.ofHours(2)),
                new SessionSnapshot.Attempt(Duration.ZERO, Duration.ZERO, false, 1, 1, null),
                0);
    }
}
