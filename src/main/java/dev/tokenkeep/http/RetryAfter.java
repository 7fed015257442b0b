package dev.tokenkeep.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** When a server asks to be left alone: the header of that name (RFC 9110 §10.2.3), seconds or a date, before any other. */
final class RetryAfter {

    /** No server may silence a registration for longer by one answer. */
    static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /** Numbers from here on are no seconds to wait but moments since 1970; and from there on, in milliseconds. */
    private static final long EPOCH_SECONDS = 1_000_000_000L;

    private static final long EPOCH_MILLIS = 100_000_000_000L;

    private RetryAfter() {}

    /**
     * Null if the answer does not tell.
     *
     * @param header a header's value by its name in any case, or null
     */
    static @Nullable Duration of(int status, UnaryOperator<@Nullable String> header) {
        Duration told = parse(header.apply("Retry-After"), header.apply("Date"));
        return told == null ? RateLimitHeaders.parse(status, header) : told;
    }

    /**
     * Null if there is none, or none that can be read; never negative.
     *
     * @param date the same answer's Date header: a date is reckoned by the clock of whoever wrote it, not by ours
     */
    static @Nullable Duration parse(@Nullable String header, @Nullable String date) {
        Duration wait = number(header, date);
        Instant until = date(header);
        return until == null ? wait : between(date, until);
    }

    /** Seconds to wait, or the moment to wait for, as several servers have it; null if it is neither. */
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

    /** Null unless the answer tells what time it was written at. */
    private static @Nullable Duration between(@Nullable String date, Instant until) {
        Instant written = date(date);
        return written == null ? null : capped(Duration.between(written, until));
    }

    /** Null if there is none, or it is none (RFC 9110 §5.6.7). */
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
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
