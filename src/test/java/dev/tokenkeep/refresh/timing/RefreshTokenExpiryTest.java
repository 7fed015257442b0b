package dev.tokenkeep.refresh.timing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.oauth.AccessTokenExpiry;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.RefreshTokenLifetimes;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RefreshTokenExpiryTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RefreshTokenLifetimes AUTH0 =
            new RefreshTokenLifetimes(Duration.ofDays(30), Duration.ofDays(15));

    private final RefreshTokenExpiry kept = new RefreshTokenExpiry(true);
    private final RefreshTokenExpiry notKept = new RefreshTokenExpiry(false);

    @Test
    @DisplayName("B4: an absolute lifetime counts from the sign-in, an inactivity lifetime from the last use")
    void theAbsoluteLifetimeIsFixedAndTheInactivityLifetimeRenewed() {
        var granted = notKept.granted(told(null), AUTH0, NOW, "s");
        assertThat(granted.expiresAt()).isEqualTo(NOW.plus(Duration.ofDays(15)));
        assertThat(granted.grantExpiresAt()).isEqualTo(NOW.plus(Duration.ofDays(30)));
        Instant used = NOW.plus(Duration.ofDays(10));
        var renewed = notKept.used(told(null), AUTH0, null, granted.grantExpiresAt(), used, "s");
        assertThat(renewed.expiresAt()).isEqualTo(NOW.plus(Duration.ofDays(25)));
        assertThat(renewed.grantExpiresAt()).isEqualTo(granted.grantExpiresAt());
        Instant late = NOW.plus(Duration.ofDays(20));
        assertThat(notKept.used(told(null), AUTH0, null, granted.grantExpiresAt(), late, "s")
                        .expiresAt())
                .isEqualTo(granted.grantExpiresAt());
    }

    @Test
    @DisplayName("C: a lifetime that is told counts where it is the shorter one")
    void whatIsToldCountsToo() {
        assertThat(notKept.granted(told(Duration.ofDays(1)), AUTH0, NOW, "s").expiresAt())
                .isEqualTo(NOW.plus(Duration.ofDays(1)));
        assertThat(notKept.granted(told(Duration.ofDays(99)), AUTH0, NOW, "s").expiresAt())
                .isEqualTo(NOW.plus(Duration.ofDays(15)));
    }

    @Test
    @DisplayName("F6: a refresh token that stays keeps its own expiry, never the access token's")
    void aRefreshTokenThatStaysKeepsItsExpiry() {
        Instant known = NOW.plus(Duration.ofDays(9));
        assertThat(notKept.used(told(null), RefreshTokenLifetimes.UNKNOWN, known, null, NOW, "s")
                        .expiresAt())
                .isEqualTo(known);
        assertThat(notKept.used(told(null), RefreshTokenLifetimes.UNKNOWN, null, null, NOW, "s")
                        .expiresAt())
                .isNull();
    }

    @Test
    @DisplayName("E: keep-alive comes before the inactivity lifetime ends, and only if it is switched on")
    void isKeptAliveBeforeItDiesOfDisuse() {
        Instant expiry = NOW.plus(Duration.ofDays(15));
        var ends = kept.granted(told(null), AUTH0, NOW, "s");
        assertThat(ends.keepAliveAt()).isBetween(expiry.minus(Duration.ofHours(29)), expiry.minus(Duration.ofDays(1)));
        assertThat(notKept.granted(told(null), AUTH0, NOW, "s").keepAliveAt()).isNull();
    }

    @Test
    @DisplayName("E: keep-alive stops at the absolute limit")
    void nothingIsKeptAliveBeyondTheAbsoluteLimit() {
        Instant grant = NOW.plus(Duration.ofDays(30));
        assertThat(kept.used(told(null), AUTH0, null, grant, NOW.plus(Duration.ofDays(16)), "s")
                        .keepAliveAt())
                .isNull();
    }

    @Test
    @DisplayName("E: keep-alives of sessions that signed in together are spread")
    void keepAlivesAreSpread() {
        long distinct = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i ->
                        kept.granted(told(null), AUTH0, NOW, "session-" + i).keepAliveAt())
                .distinct()
                .count();
        assertThat(distinct).isGreaterThan(90);
    }

    @Test
    @DisplayName("C: an expiry that counts down and never resets is no reason to refresh again and again")
    void anExpiryThatCountsDownMakesNoStorm() {
        Instant end = NOW.plus(Duration.ofDays(365));
        Instant now = NOW;
        int refreshes = 0;
        for (Instant next = NOW; next != null; refreshes++) {
            now = next;
            next = kept.used(told(Duration.between(now, end)), RefreshTokenLifetimes.UNKNOWN, null, null, now, "s")
                    .keepAliveAt();
            assertThat(next == null || next.isAfter(now.plusSeconds(9))).isTrue();
        }
        assertThat(refreshes).isLessThan(20);
        assertThat(now).isBefore(end);
    }

    private static TokenResponse told(@Nullable Duration lifetime) {
        return new TokenResponse(
                Secret.of("at"),
                "Bearer",
                AccessTokenExpiry.in(Duration.ofHours(1)),
                Secret.of("rt"),
                lifetime,
                null,
                null);
    }
}
