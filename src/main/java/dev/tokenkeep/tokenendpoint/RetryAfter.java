package dev.tokenkeep.tokenendpoint;

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

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");

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
        if (header == null) {
            return null;
        }
        String value = header.strip();
        if (SECONDS.matcher(value).matches()) {
            return capped(Duration.ofSeconds(Math.min(Long.parseLong(value), LONGEST.toSeconds())));
        }
        Instant until = instant(value);
        return until == null ? null : between(date, until);
    }

    /** Null unless the answer tells what time it was written at. */
    static @Nullable Duration between(@Nullable String date, Instant until) {
        Instant written = date == null ? null : instant(date.strip());
        return written == null ? null : capped(Duration.between(written, until));
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
