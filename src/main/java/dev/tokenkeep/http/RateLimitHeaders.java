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
 * When a server that throttles and sends no {@code Retry-After} wants to be asked again (CONFORMANCE B6). Such headers come
 * with good answers too, so only a window that is used up counts. A 503 is none of theirs: that somebody counted a request
 * does not tell that the refresh token was left unspent.
 */
final class RateLimitHeaders {

    private static final int THROTTLED = 429;

    /** GitHub throttles by it too. */
    private static final int FORBIDDEN = 403;

    /** Auth0 and GitHub, Okta, the IETF's drafts up to 06. */
    private static final String[] WINDOWS = {"X-RateLimit-", "X-Rate-Limit-", "RateLimit-"};

    /** {@code "default";r=0;t=30} in the IETF's drafts since 08, {@code b=per_hour;q=100;r=0;t=924} at Auth0. */
    private static final String[] QUOTAS = {"RateLimit", "Auth0-Client-Quota-Limit", "Auth0-Organization-Quota-Limit"};

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern USED_UP = Pattern.compile("(?:^|[;,\\s])(?:r|remaining)\\s*=\\s*0+(?![0-9.])");
    private static final Pattern RESET = Pattern.compile("(?:^|[;,\\s])(?:t|reset)\\s*=\\s*([0-9]{1,18})(?![0-9.])");

    private RateLimitHeaders() {}

    /**
     * Null if nothing can be read; never negative.
     *
     * @param header a header's value by its name in any case, or null
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

    /** A throttled answer needs no number for it; any other may have been forbidden for another reason. */
    private static boolean usedUp(int status, @Nullable String remaining) {
        if (remaining == null || !NUMBER.matcher(remaining.strip()).matches()) {
            return status == THROTTLED;
        }
        return Long.parseLong(remaining.strip()) == 0;
    }

    /** Of several quotas that are used up the last to open again counts. */
    private static @Nullable Duration quota(@Nullable String header, @Nullable String date) {
        if (header == null) {
            return null;
        }
        String lower = header.toLowerCase(Locale.ROOT);
        // Draft 07 has it all in one dictionary: limit=10, remaining=0, reset=30.
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
