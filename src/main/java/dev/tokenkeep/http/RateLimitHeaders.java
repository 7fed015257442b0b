package dev.tokenkeep.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads how long to wait from the headers of a server that throttles without {@code Retry-After} (CONFORMANCE B6). Such
 * headers come with successful responses too, so only a window that is used up counts. They are ignored with a 503: a
 * rate limit header does not prove that the refresh token was left unspent.
 */
final class RateLimitHeaders {

    private static final int THROTTLED = 429;

    /** GitHub throttles with this status too. */
    private static final int FORBIDDEN = 403;

    /** Auth0 and GitHub; Okta; the IETF drafts up to 06. */
    private static final String[] WINDOWS = {"X-RateLimit-", "X-Rate-Limit-", "RateLimit-"};

    /** {@code "default";r=0;t=30} in the IETF drafts since 08, {@code b=per_hour;q=100;r=0;t=924} at Auth0. */
    private static final String[] QUOTAS = {"RateLimit", "Auth0-Client-Quota-Limit", "Auth0-Organization-Quota-Limit"};

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern USED_UP = Pattern.compile("(?:^|[;,\\s])(?:r|remaining)\\s*=\\s*0+(?![0-9.])");
    private static final Pattern RESET = Pattern.compile("(?:^|[;,\\s])(?:t|reset)\\s*=\\s*([0-9]{1,18})(?![0-9.])");

    private RateLimitHeaders() {}

    /**
     * Returns how long to wait, never negative; null if the headers do not say.
     *
     * @param header returns a header's value by its name in any case, or null
     */
    static @Nullable Duration parse(int status, UnaryOperator<@Nullable String> header) {
        if (status != THROTTLED && status != FORBIDDEN) {
            return null;
        }
        String date = header.apply("Date");
        return Stream.concat(
                        Arrays.stream(WINDOWS)
                                .filter(window -> usedUp(status, header.apply(window + "Remaining")))
                                .map(window -> RetryAfter.number(header.apply(window + "Reset"), date)),
                        Arrays.stream(QUOTAS).map(quota -> quota(header.apply(quota), date)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns whether the window is used up. A 429 without a number counts as used up; a 403 may have another reason.
     */
    private static boolean usedUp(int status, @Nullable String remaining) {
        if (remaining == null || !NUMBER.matcher(remaining.strip()).matches()) {
            return status == THROTTLED;
        }
        return Long.parseLong(remaining.strip()) == 0;
    }

    /** Returns the longest wait of all quotas that are used up; null if there is none. */
    private static @Nullable Duration quota(@Nullable String header, @Nullable String date) {
        if (header == null) {
            return null;
        }
        String lower = header.toLowerCase(Locale.ROOT);
        // Draft 07 has everything in one dictionary: limit=10, remaining=0, reset=30.
        Stream<String> quotas = lower.contains("reset") ? Stream.of(lower) : Arrays.stream(lower.split(","));
        return quotas.filter(quota -> USED_UP.matcher(quota).find())
                .map(RESET::matcher)
                .filter(Matcher::find)
                .map(reset -> RetryAfter.number(reset.group(1), date))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }
}
