package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What a token response tells of its access token's end, in the ways that authorization servers have (CONFORMANCE C, E).
 *
 * @param in {@code expires_in}, a number of seconds and in some answers a time; null if it is not told
 * @param at {@code expires_at}; null if it is not told
 * @param own the {@code exp} of an access token that is a JWT; null if it has none
 * @param writtenAt the answer's {@code Date}, by the clock that the others are of; null if it is not told
 */
public record AccessTokenExpiry(
        @Nullable BigDecimal in,
        @Nullable Instant at,
        @Nullable Instant own,
        @Nullable Instant writtenAt) {

    public static final AccessTokenExpiry UNTOLD = new AccessTokenExpiry(null, null, null, null);

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(LONGEST.toSeconds());
    private static final Duration FAR = LONGEST.multipliedBy(10);
    /** Tokens that expired longer ago than this are told of by nobody. */
    private static final Duration AGO = Duration.ofDays(1);
    /** Times are told in whole seconds. */
    private static final Duration GRAIN = Duration.ofSeconds(1);

    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
    /** As milliseconds it is of the year 1973. */
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

    /** Of an answer that is passed on: nobody knows how long ago {@code expires_in} began, and {@code expires_at} comes first. */
    static AccessTokenExpiry ofLongAgo(JsonNode response, @Nullable Secret accessToken) {
        AccessTokenExpiry all = of(response, accessToken);
        return all.at == null ? all : new AccessTokenExpiry(null, all.at, all.own, null);
    }

    /** For who knows nothing else. */
    public static AccessTokenExpiry in(Duration lifetime) {
        return new AccessTokenExpiry(BigDecimal.valueOf(lifetime.toSeconds()), null, null, null);
    }

    /** @param date null if the answer does not tell */
    AccessTokenExpiry writtenAt(@Nullable Instant date) {
        return new AccessTokenExpiry(in, at, own, date);
    }

    /** Seconds or milliseconds since 1970, or ISO 8601 with its offset; null if it is none of them. */
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

    /** Null if it is no time of these centuries. */
    private static @Nullable Instant instant(BigDecimal number) {
        BigDecimal seconds = number.compareTo(LATEST) < 0 ? number : number.divide(THOUSAND);
        return seconds.signum() < 0 || seconds.compareTo(LATEST) >= 0
                ? null
                : Instant.ofEpochSecond(seconds.longValue());
    }

    /**
     * The lifetime, from a moment before the answer was written; null if nothing is told of it, zero if it is over.
     *
     * @param now by the database's clock, for answers that do not tell when they were written
     */
    public @Nullable Duration lifetime(Instant now) {
        Instant written = writtenAt == null ? now : writtenAt.plus(GRAIN);
        Duration told = told(written);
        if (own == null) {
            return told;
        }
        Duration left = between(written, own);
        // Not for what rounding makes of it.
        return told == null || left.plus(GRAIN).plus(GRAIN).compareTo(told) < 0 ? left : told;
    }

    /** Whether its end is told as a moment, and not as so much later than nobody knows when. */
    public boolean isDated() {
        return at != null || own != null;
    }

    /** What {@code expires_in} tells, however long ago; null if it tells nothing of use. */
    public @Nullable Duration whole() {
        return in == null || in.signum() <= 0 || isBeyondReason() ? null : Duration.ofSeconds(in.longValue());
    }

    private @Nullable Duration told(Instant written) {
        if (in == null) {
            return at == null ? null : shorter(between(written, at), LONGEST);
        }
        if (!isBeyondReason()) {
            return Duration.ofSeconds(in.max(BigDecimal.ZERO).longValue());
        }
        Instant time = instant(in);
        return time != null && time.isAfter(written.minus(AGO)) && time.isBefore(written.plus(FAR))
                ? shorter(between(written, time), LONGEST)
                : LONGEST;
    }

    /** Whether {@code expires_in} is longer than any access token lives: it is a time, or of another unit. */
    public boolean isBeyondReason() {
        return in != null && in.compareTo(LONGEST_SECONDS) > 0;
    }

    private static Duration between(Instant written, Instant end) {
        Duration left = Duration.between(written, end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
