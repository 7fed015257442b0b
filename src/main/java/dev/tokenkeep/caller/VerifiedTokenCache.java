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
 * Caches the callers of JWTs that were verified a moment ago: a service sends the same JWT with every call while it is
 * valid. An entry lasts until the JWT expires, but one minute at most, so that a key that its issuer withdraws is not
 * trusted for longer because of it.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class VerifiedTokenCache {

    private static final Duration MAX_AGE = Duration.ofMinutes(1);
    /** The maximum total length of all cached JWTs, in characters. */
    private static final long MAX_CHARACTERS = 16 * 1024 * 1024;
    /** The usual spelling; JWTs with another one are verified each time. */
    private static final String BEARER = "Bearer ";

    private final Clock clock;
    private final Cache<Presented, Verified> byAuthorization;

    private record Verified(Caller caller, SecurityIdentity identity, Duration goodFor) {}

    /**
     * Compares the whole header, but hashes only its end, which is part of the signature. Otherwise every call would
     * hash all of it.
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
                .maximumWeight(MAX_CHARACTERS)
                .weigher((Presented presented, Verified verified) ->
                        presented.authorization().length())
                .ticker(ticker::nanos)
                .expireAfter(Expiry.writing((Presented presented, Verified verified) -> verified.goodFor()))
                .executor(Runnable::run)
                .build();
    }

    /** Stores a JWT that was just verified, its caller, and the identity with the caller's permissions. */
    void verified(JsonWebToken token, Caller caller, SecurityIdentity identity) {
        Duration left = Duration.between(clock.instant(), Instant.ofEpochSecond(token.getExpirationTime()));
        Duration goodFor = left.compareTo(MAX_AGE) < 0 ? left : MAX_AGE;
        if (goodFor.toNanos() > 0) {
            byAuthorization.put(new Presented(BEARER + token.getRawToken()), new Verified(caller, identity, goodFor));
        }
    }

    /** Returns the caller; null if the JWT has to be verified. */
    @Nullable
    public Caller find(String authorization) {
        Verified verified = byAuthorization.getIfPresent(new Presented(authorization));
        return verified == null ? null : verified.caller();
    }

    /** Returns the identity that was created when the JWT was verified; null if it has to be verified. */
    @Nullable
    public SecurityIdentity identity(String token) {
        Verified verified = byAuthorization.getIfPresent(new Presented(BEARER + token));
        return verified == null ? null : verified.identity();
    }
}
