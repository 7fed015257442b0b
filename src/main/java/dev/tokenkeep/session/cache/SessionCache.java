package dev.tokenkeep.session.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.tokenkeep.database.DatabaseGuard;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.CachedSession;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.time.Ticker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Caches sessions with their access tokens decrypted, as long as it is certain that nobody has changed them. Every
 * change sends a notification. An entry is used only within a second of the last moment up to which all changes were
 * received. So a removed session is served for at most a second, on any replica, even if its process was stopped.
 *
 * <p>While the database cannot be queried, entries are used for longer if this is configured. Nobody could have changed
 * a session then, except just before.
 */
@Singleton
public class SessionCache {

    /** By the monotonic clock, which goes on while a process is stopped. */
    private static final Duration TRUSTED = Duration.ofSeconds(1);

    private static final int STRIPES = 4096;
    /** The approximate size of a session in bytes, without its texts. */
    private static final int OVERHEAD = 700;

    private final boolean on;
    private final Duration stale;
    private final BooleanSupplier isDatabaseDoubted;
    private final Ticker ticker;
    private final Cache<String, Kept> sessions;
    /** The number of received changes, by a part of the id's hash. */
    private final AtomicIntegerArray changes = new AtomicIntegerArray(STRIPES);
    /** Odd while changes are received. Sessions that were read under an earlier number may have missed some. */
    private volatile int hearing;

    private volatile long heardNanos;

    private record Kept(SessionSnapshot snapshot, int hearing) {}

    /** The ticket of a read that has yet to begin. The result is cached if the session does not change meanwhile. */
    record Reading(String id, int hearing, int changes) {}

    @Inject
    SessionCache(MemoryConfig config, DatabaseGuard database, Ticker ticker, MeterRegistry meters) {
        this(config, database::isDoubted, ticker, meters);
    }

    SessionCache(MemoryConfig config, BooleanSupplier isDatabaseDoubted, Ticker ticker, MeterRegistry meters) {
        long mostBytes = config.maxSize().asLongValue();
        this.on = mostBytes > 0;
        this.stale = config.staleIfUnavailable();
        this.isDatabaseDoubted = isDatabaseDoubted;
        this.ticker = ticker;
        this.sessions = Caffeine.newBuilder()
                .maximumWeight(mostBytes)
                .weigher(SessionCache::bytes)
                .ticker(ticker::nanos)
                .expireAfter(
                        Expiry.writing((String id, Kept one) -> one.snapshot().remaining(ticker.nanos())))
                .executor(Runnable::run)
                .build();
        Gauge.builder("tokenkeep.memory.sessions", sessions, Cache::estimatedSize)
                .register(meters);
        Gauge.builder("tokenkeep.memory.trusted", this, memory -> memory.isTrusted() ? 1 : 0)
                .register(meters);
    }

    /** Returns whether the token cache is on. */
    boolean on() {
        return on;
    }

    /** Returns null if the session is not cached, or cannot be trusted right now. */
    @Nullable
    public CachedSession find(String id) {
        // Before the lookup: sessions that had changed by then are no longer in the cache.
        long heard = heardNanos;
        int number = hearing;
        Kept found = sessions.getIfPresent(id);
        if (found == null) {
            return null;
        }
        if (found.hearing() == number && isTrusted(heard)) {
            return new CachedSession(found.snapshot(), false);
        }
        // From the latest connection, whether or not this is known to be lost.
        boolean latest = found.hearing() == number || found.hearing() == number - 1;
        return latest && isWithin(stale, heard) && isDatabaseDoubted.getAsBoolean()
                ? new CachedSession(found.snapshot(), true)
                : null;
    }

    private boolean isTrusted() {
        return isHearing(hearing) && isTrusted(heardNanos);
    }

    private boolean isTrusted(long heard) {
        return isWithin(TRUSTED, heard);
    }

    private boolean isWithin(Duration time, long heard) {
        return ticker.nanos() - heard < time.toNanos();
    }

    private static boolean isHearing(int number) {
        return number % 2 != 0;
    }

    /** Returns a ticket. Has to be called before the session is read from the database. */
    public Reading reading(String id) {
        return new Reading(id, hearing, changes.get(stripe(id)));
    }

    public void remember(Reading reading, SessionSnapshot snapshot) {
        boolean serves = snapshot.access().token() != null
                && snapshot.remaining(ticker.nanos()).toNanos() > 0;
        if (on && serves && isHearing(reading.hearing())) {
            var one = new Kept(snapshot, reading.hearing());
            // Checked again with the entry locked: a change that is received from then on finds the entry.
            sessions.asMap().compute(reading.id(), (id, before) -> isStill(reading) ? one : before);
        }
    }

    private boolean isStill(Reading reading) {
        return reading.hearing() == hearing && reading.changes() == changes.get(stripe(reading.id()));
    }

    /** Forgets a session that has changed. */
    public void changed(String id) {
        changes.incrementAndGet(stripe(id));
        sessions.invalidate(id);
    }

    /** Called when the listener is connected. Changes before this may have been missed. */
    void hears(long nowNanos) {
        heardNanos = nowNanos;
        hearing = isHearing(hearing) ? hearing : hearing + 1;
        sessions.invalidateAll();
    }

    /** Called when every change before {@code nanos} has been received. */
    void heardUpTo(long nanos) {
        heardNanos = nanos;
    }

    /** Called when the listener is disconnected: changes may be missed. */
    void deaf() {
        hearing = isHearing(hearing) ? hearing + 1 : hearing;
    }

    private static int stripe(String id) {
        int hash = id.hashCode();
        return (hash ^ hash >>> 16) & (STRIPES - 1);
    }

    private static int bytes(String id, Kept remembered) {
        SessionSnapshot snapshot = remembered.snapshot();
        Secret token = snapshot.access().token();
        Secret dpopKey = snapshot.access().dpopKey();
        String scope = snapshot.session().tokens().scope();
        return OVERHEAD
                + (token == null ? 0 : token.reveal().length())
                + (dpopKey == null ? 0 : dpopKey.reveal().length())
                + snapshot.session().owner().subject().length()
                + (scope == null ? 0 : scope.length());
    }
}
