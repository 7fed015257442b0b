package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What a token response says about when its access token expires, in the forms that authorization servers use
 * (CONFORMANCE C, E).
 *
 * @param in {@code expires_in}, a number of seconds and at some servers a time; null if it is missing
 * @param at {@code expires_at}; null if it is missing
 * @param own the {@code exp} of an access token that is a JWT; null if it has none
 * @param writtenAt the response's {@code Date}, by the same clock as the other times; null if it is missing
 */
public record AccessTokenExpiry(
        @Nullable BigDecimal in,
        @Nullable Instant at,
        @Nullable Instant own,
        @Nullable Instant writtenAt) {

    public static final AccessTokenExpiry UNTOLD = new AccessTokenExpiry(null, null, null, null);

    /** A longer one is beyond reason. */
    public static final Duration MAX_LIFETIME = Duration.ofDays(365);

    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(MAX_LIFETIME.toSeconds());
    private static final Duration FAR = MAX_LIFETIME.multipliedBy(10);
    /** An {@code expires_in} that is read as a time must not lie further in the past than this. */
    private static final Duration AGO = Duration.ofDays(1);
    /** Times come in whole seconds. */
    private static final Duration GRAIN = Duration.ofSeconds(1);

    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
    /** From here on a number is milliseconds: as milliseconds, the limit itself lies in 1973. */
    private static final BigDecimal LATEST = BigDecimal.valueOf(JwtPayload.LATEST);

    static AccessTokenExpiry of(JsonNode response, @Nullable Secret accessToken) {
        Instant own = accessToken == null
                ? null
                : JwtPayload.of(accessToken)
                        .map(payload -> JwtPayload.time(payload, "exp"))
                        .orElse(null);
        return new AccessTokenExpiry(
                Lifetimes.number(response.get("expires_in")), time(response.get("expires_at")), own, null);
    }

    /**
     * Reads a response that is passed on later. When its {@code expires_in} began is unknown, so {@code expires_at} is
     * preferred.
     */
    static AccessTokenExpiry ofLongAgo(JsonNode response, @Nullable Secret accessToken) {
        AccessTokenExpiry all = of(response, accessToken);
        return all.at == null ? all : new AccessTokenExpiry(null, all.at, all.own, null);
    }

    /** Creates an expiry from a lifetime, if nothing else is known. */
    public static AccessTokenExpiry in(Duration lifetime) {
        return new AccessTokenExpiry(BigDecimal.valueOf(lifetime.toSeconds()), null, null, null);
    }

    /** @param date null if the response has none */
    AccessTokenExpiry writtenAt(@Nullable Instant date) {
        return new AccessTokenExpiry(in, at, own, date);
    }

    /** Reads seconds or milliseconds since 1970, or ISO 8601 with an offset; null if it is none of them. */
    private static @Nullable Instant time(@Nullable JsonNode told) {
        BigDecimal number = Lifetimes.number(told);
        if (number != null) {
            return instant(number);
        }
        try {
            return told == null || !told.isTextual()
                    ? null
                    : OffsetDateTime.parse(told.textValue().strip()).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Returns null if the number is not a plausible time. */
    private static @Nullable Instant instant(BigDecimal number) {
        BigDecimal seconds = number.compareTo(LATEST) < 0 ? number : number.divide(THOUSAND);
        return seconds.signum() < 0 || seconds.compareTo(LATEST) >= 0
                ? null
                : Instant.ofEpochSecond(seconds.longValue());
    }

    /**
     * Returns the lifetime; null if the response does not say, zero if the token has expired. Callers count it from a
     * moment before the response was written.
     *
     * @param now by the database's clock, for responses without a {@code Date}
     */
    public @Nullable Duration lifetime(Instant now) {
        Instant written = writtenAt == null ? now : writtenAt.plus(GRAIN);
        Duration told = told(written);
        if (own == null) {
            return told;
        }
        Duration left = between(written, own);
        // The JWT's own exp counts only if it is earlier by more than rounding can explain.
        return told == null || left.plus(GRAIN).plus(GRAIN).compareTo(told) < 0 ? left : told;
    }

    /** Returns whether the response gives the expiry as a time, not only as a lifetime whose start may be unknown. */
    public boolean isDated() {
        return at != null || own != null;
    }

    /** Returns {@code expires_in}, whenever it began; null if it is missing or not usable. */
    public @Nullable Duration whole() {
        return in == null || in.signum() <= 0 || isBeyondReason() ? null : Duration.ofSeconds(in.longValue());
    }

    private @Nullable Duration told(Instant written) {
        if (in == null) {
            return at == null ? null : shorter(between(written, at), MAX_LIFETIME);
        }
        if (!isBeyondReason()) {
            return Duration.ofSeconds(in.max(BigDecimal.ZERO).longValue());
        }
        Instant time = instant(in);
        return time != null && time.isAfter(written.minus(AGO)) && time.isBefore(written.plus(FAR))
                ? shorter(between(written, time), MAX_LIFETIME)
                : MAX_LIFETIME;
    }

    /**
     * Returns whether {@code expires_in} is longer than any access token lives: then it is a time or has another unit.
     */
    public boolean isBeyondReason() {
        return in != null && in.compareTo(MAX_SECONDS) > 0;
    }

    private static Duration between(Instant written, Instant end) {
        Duration left = Duration.between(written, end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
