package dev.tokenkeep.caller;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Callers whose JWTs were verified a moment ago, by these very JWTs: a service sends the same one with every call for as long
 * as it lives. Never for longer than until it expires, or than a minute, so that a key that its issuer withdraws is not
 * believed for longer because of it.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class VerifiedTokenCache {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    /** Of the JWTs' characters. */
    private static final long MOST = 16 * 1024 * 1024;
    /** As almost everybody writes it; others are verified each time. */
    private static final String BEARER = "Bearer ";

    private final Clock clock;
    private final Cache<Presented, Verified> byAuthorization;

    private record Verified(Caller caller, SecurityIdentity identity, Duration goodFor) {}

    /**
     * Equal to the letter, but spread by its end alone, which is a signature's: the whole of it would have to be gone through
     * at every call.
     */
    private record Presented(String authorization) {

        private static final int END = 32;

        @Override
        public int hashCode() {
            int hash = authorization.length();
            for (int at = Math.max(0, authorization.length() - END); at < authorization.length(); at++) {
                hash = 31 * hash + authorization.charAt(at);
            }
            return hash;
        }
    }

    VerifiedTokenCache(Clock clock, Ticker ticker) {
        this.clock = clock;
        this.byAuthorization = Caffeine.newBuilder()
                .maximumWeight(MOST)
                .weigher((Presented presented, Verified verified) ->
                        presented.authorization().length())
                .ticker(ticker::nanos)
                .expireAfter(Expiry.writing((Presented presented, Verified verified) -> verified.goodFor()))
                .executor(Runnable::run)
                .build();
    }

    /** This JWT was verified just now, and is this caller's, whose permissions {@code identity} has. */
    void verified(JsonWebToken token, Caller caller, SecurityIdentity identity) {
        Duration left = Duration.between(clock.instant(), Instant.ofEpochSecond(token.getExpirationTime()));
        Duration goodFor = left.compareTo(LONGEST) < 0 ? left : LONGEST;
        if (goodFor.toNanos() > 0) {
            byAuthorization.put(new Presented(BEARER + token.getRawToken()), new Verified(caller, identity, goodFor));
        }
    }

    /** Whose it is; null if it has to be verified. */
    @Nullable
    public Caller find(String authorization) {
        Verified verified = byAuthorization.getIfPresent(new Presented(authorization));
        return verified == null ? null : verified.caller();
    }

    /** What was made of it when it was verified; null if it has to be. */
    @Nullable
    public SecurityIdentity identity(String token) {
        Verified verified = byAuthorization.getIfPresent(new Presented(BEARER + token));
        return verified == null ? null : verified.identity();
    }
}
