package dev.tokenkeep.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads how long a server asks to wait. {@code Retry-After} (RFC 9110 §10.2.3), in seconds or as a date, comes before
 * any other header.
 */
final class RetryAfter {

    /** The longest wait: one response cannot pause a registration for longer. */
    static final Duration MAX_DELAY = Duration.ofHours(1);

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /**
     * Smaller numbers are seconds to wait. From here on they are seconds since 1970, from EPOCH_MILLIS on milliseconds.
     */
    private static final long EPOCH_SECONDS = 1_000_000_000L;

    private static final long EPOCH_MILLIS = 100_000_000_000L;

    private RetryAfter() {}

    /**
     * Returns how long to wait; null if the response does not say.
     *
     * @param header returns a header's value by its name in any case, or null
     */
    static @Nullable Duration of(int status, UnaryOperator<@Nullable String> header) {
        Duration told = parse(header.apply("Retry-After"), header.apply("Date"));
        return told == null ? RateLimitHeaders.parse(status, header) : told;
    }

    /**
     * Reads a {@code Retry-After} header. Returns null if it is missing or unreadable; never negative.
     *
     * @param date the {@code Date} header of the same response: a date is compared with the server's clock, not ours
     */
    static @Nullable Duration parse(@Nullable String header, @Nullable String date) {
        Duration wait = number(header, date);
        Instant until = date(header);
        return until == null ? wait : between(date, until);
    }

    /** Reads seconds to wait, or a time to wait for, which several servers send instead; null if it is neither. */
    static @Nullable Duration number(@Nullable String header, @Nullable String date) {
        if (header == null || !NUMBER.matcher(header.strip()).matches()) {
            return null;
        }
        long number = Long.parseLong(header.strip());
        if (number < EPOCH_SECONDS) {
            return capped(Duration.ofSeconds(number));
        }
        Instant until = number < EPOCH_MILLIS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
        return between(date, until);
    }

    /** Returns the time between a response's {@code Date} header and {@code until}; null without a {@code Date}. */
    private static @Nullable Duration between(@Nullable String date, Instant until) {
        Instant written = date(date);
        return written == null ? null : capped(Duration.between(written, until));
    }

    /** Reads an HTTP date (RFC 9110 §5.6.7); null if it is missing or invalid. */
    static @Nullable Instant date(@Nullable String header) {
        return header == null ? null : instant(header.strip());
    }

    private static @Nullable Instant instant(String httpDate) {
        try {
            return ZonedDateTime.parse(httpDate, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    static Duration capped(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : wait;
    }
}
