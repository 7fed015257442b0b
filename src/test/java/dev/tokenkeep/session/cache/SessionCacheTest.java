package dev.tokenkeep.session.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.CachedSession;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.testing.GeneratedCaches;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a session in memory may be served, and when not. */
class SessionCacheTest {

    private static final String ID = "AAAAAAAAAAAAAAAAAAAAAAAA";
    private static final Duration TRUSTED = Duration.ofSeconds(1);
    private static final Duration STALE = Duration.ofSeconds(30);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private long nanos = 1_000_000;
    private boolean doubted;
    private Duration stale = STALE;
    private final SessionCache cache = memory(1_000_000);

    private SessionCache memory(long mostBytes) {
        var config = new MemoryConfig() {
            @Override
            public MemorySize maxSize() {
                return new MemorySize(BigInteger.valueOf(mostBytes));
            }

            @Override
            public Duration staleIfUnavailable() {
                return stale;
            }

            @Override
            public Optional<String> jdbcUrl() {
                return Optional.empty();
            }
        };
        return new SessionCache(config, () -> doubted, () -> nanos, meters);
    }

    @Test
    void servesWhatItHasReadWhileEveryChangeIsHeardOf() {
        cache.hears(nanos);
        SessionSnapshot read = read(cache, ID);
        assertThat(cache.find(ID)).isEqualTo(new CachedSession(read, false));
        assertThat(cache.find("BBBBBBBBBBBBBBBBBBBBBBBB")).isNull();
        assertThat(trusted()).isOne();
    }

    @Test
    void servesWhatItHasWhileTheDatabaseCannotBeAskedButNotForEver() {
        cache.hears(nanos);
        SessionSnapshot read = read(cache, ID);
        nanos += TRUSTED.toNanos();
        assertThat(cache.find(ID)).as("the database can be asked").isNull();
        doubted = true;
        assertThat(cache.find(ID)).isEqualTo(new CachedSession(read, true));
        cache.deaf();
        assertThat(cache.find(ID)).isEqualTo(new CachedSession(read, true));
        nanos += STALE.minus(TRUSTED).toNanos() - 1;
        assertThat(cache.find(ID)).isEqualTo(new CachedSession(read, true));
        nanos++;
        assertThat(cache.find(ID)).isNull();
    }

    @Test
    void servesNothingBeyondTheTrustedTimeWhereThatIsForbidden() {
        stale = Duration.ZERO;
        SessionCache strict = memory(1_000_000);
        strict.hears(nanos);
        read(strict, ID);
        doubted = true;
        assertThat(strict.find(ID)).isNotNull();
        nanos += TRUSTED.toNanos();
        assertThat(strict.find(ID)).isNull();
    }

    @Test
    void servesNothingThatWasReadBeforeItHearsAgain() {
        cache.hears(nanos);
        read(cache, ID);
        doubted = true;
        cache.deaf();
        assertThat(cache.find(ID)).isNotNull();
        cache.hears(nanos);
        assertThat(cache.find(ID)).isNull();
    }

    @Test
    void servesNoRemovedSessionAndNoExpiredTokenWhileTheDatabaseCannotBeAsked() {
        cache.hears(nanos);
        read(cache, ID);
        cache.changed(ID);
        doubted = true;
        assertThat(cache.find(ID)).isNull();
        var reading = cache.reading(ID);
        cache.remember(reading, snapshot("at", Duration.ofSeconds(5)));
        assertThat(cache.find(ID)).isNotNull();
        nanos += Duration.ofSeconds(5).toNanos();
        assertThat(cache.find(ID)).isNull();
    }

    @Test
    void itsCacheIsThereInANativeExecutable() throws Exception {
        assertThat(GeneratedCaches.of(cache, "sessions")).isEqualTo(GeneratedCaches.REGISTERED);
    }

    @Test
    void remembersNothingThatWasReadWithoutHearing() {
        read(cache, ID);
        cache.hears(nanos);
        assertThat(cache.find(ID)).isNull();
    }

    @Test
    void remembersNoReadThatWasBegunBeforeItHeard() {
        var reading = cache.reading(ID);
        cache.hears(nanos);
        cache.remember(reading, snapshot("at", Duration.ofMinutes(5)));
        assertThat(cache.find(ID)).isNull();
    }

    @Test
    void forgetsWhatHasChanged() {
        cache.hears(nanos);
        read(cache, ID);
        cache.changed(ID);
        assertThat(cache.find(ID)).isNull();
    }

    @Test
    void remembersNoReadDuringWhichTheSessionChanged() {
        cache.hears(nanos);
        var reading = cache.reading(ID);
        cache.changed(ID);
        cache.remember(reading, snapshot("old", Duration.ofMinutes(5)));
        assertThat(cache.find(ID)).isNull();
        SessionSnapshot now = read(cache, ID);
        assertThat(cache.find(ID)).isEqualTo(new CachedSession(now, false));
    }

    @Test
    void keepsWhatWasReadLaterAgainstAReadThatWasOvertaken() {
        cache.hears(nanos);
        var slow = cache.reading(ID);
        cache.changed(ID);
        SessionSnapshot now = read(cache, ID);
        cache.remember(slow, snapshot("old", Duration.ofMinutes(5)));
        assertThat(cache.find(ID)).isEqualTo(new CachedSession(now, false));
    }

    @Test
    void anotherSessionsChangeDisturbsNoRead() {
        cache.hears(nanos);
        var reading = cache.reading(ID);
        cache.changed("BBBBBBBBBBBBBBBBBBBBBBBB");
        cache.remember(reading, snapshot("at", Duration.ofMinutes(5)));
        assertThat(cache.find(ID)).isNotNull();
    }

    @Test
    void trustsNothingASecondAfterItLastHeard() {
        cache.hears(nanos);
        read(cache, ID);
        nanos += TRUSTED.toNanos() - 1;
        assertThat(cache.find(ID)).isNotNull();
        nanos++;
        assertThat(cache.find(ID)).isNull();
        assertThat(trusted()).isZero();
        cache.heardUpTo(nanos);
        assertThat(cache.find(ID)).isNotNull();
    }

    @Test
    void forgetsEverythingOnceItMayHaveMissedSomething() {
        cache.hears(nanos);
        read(cache, ID);
        var reading = cache.reading(ID);
        cache.deaf();
        assertThat(cache.find(ID)).isNull();
        cache.hears(nanos);
        cache.remember(reading, snapshot("old", Duration.ofMinutes(5)));
        assertThat(cache.find(ID)).isNull();
        read(cache, ID);
        assertThat(cache.find(ID)).isNotNull();
    }

    @Test
    void keepsNoTokenThatHasExpired() {
        cache.hears(nanos);
        var reading = cache.reading(ID);
        cache.remember(reading, snapshot("at", Duration.ofSeconds(30)));
        nanos += Duration.ofSeconds(30).toNanos();
        cache.heardUpTo(nanos);
        assertThat(cache.find(ID)).isNull();
        cache.remember(cache.reading(ID), snapshot("at", Duration.ZERO));
        assertThat(cache.find(ID)).isNull();
        cache.remember(cache.reading(ID), snapshot(null, Duration.ofMinutes(5)));
        assertThat(cache.find(ID)).isNull();
    }

    @Test
    void takesNoMoreThanItMay() {
        SessionCache small = memory(50_000);
        small.hears(nanos);
        IntStream.range(0, 1_000).forEach(i -> read(small, ID + i));
        long kept = IntStream.range(0, 1_000)
                .filter(i -> small.find(ID + i) != null)
                .count();
        assertThat(kept).isBetween(20L, 50_000L / 700);
    }

    @Test
    void isOffWithoutMemory() {
        SessionCache none = memory(0);
        assertThat(none.on()).isFalse();
        none.hears(nanos);
        read(none, ID);
        assertThat(none.find(ID)).isNull();
    }

    private SessionSnapshot read(SessionCache cache, String id) {
        var reading = cache.reading(id);
        SessionSnapshot snapshot = snapshot("at", Duration.ofMinutes(5));
        cache.remember(reading, snapshot);
        return snapshot;
    }

    private double trusted() {
        return meters.get("tokenkeep.memory.trusted").gauge().value();
    }

    private SessionSnapshot snapshot(@Nullable String token, Duration remaining) {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        var session = new Session(
                ID,
                "test",
                new Session.Owner("all", "alice"),
                SessionStatus.ACTIVE,
                new Session.Tokens("read", now, 1, "k1", GrantType.REFRESH_TOKEN),
                new Session.Times(now, null, now),
                null);
        return new SessionSnapshot(
                session,
                new SessionSnapshot.AccessToken(
                        token == null ? null : Secret.of(token), "Bearer", null, remaining, Duration.ofMinutes(10)),
                new SessionSnapshot.Attempt(Duration.ZERO, Duration.ZERO, false, 1, 1, null),
                nanos);
    }
}
