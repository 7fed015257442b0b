package dev.tokenkeep.settings;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers and times that are configured as text, so that an invalid one is reported together with all other
 * errors.
 */
public record ValueCheck(String prefix, ConfigViolations violations) {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern RATE = Pattern.compile("([0-9]{1,9})/(\\S{1,32})");
    private static final Duration MAX_PERIOD = Duration.ofDays(3650);

    /** Returns null if it is missing or a violation was added. */
    public @Nullable Duration duration(String key, Optional<String> configured) {
        Duration duration = configured.map(ValueCheck::positive).orElse(null);
        violations.addIf(
                configured.isPresent() && duration == null, prefix + key, "must be a positive time, such as 5s or 1m");
        return duration;
    }

    /** Checks a period; {@code off} and {@code disabled} mean never. */
    public void period(String key, String configured, Duration shortest, Duration longest) {
        boolean off = configured.equals("off") || configured.equals("disabled");
        Duration period = off ? shortest : positive(configured);
        violations.addIf(
                period == null || period.compareTo(shortest) < 0 || period.compareTo(longest) > 0,
                prefix + key,
                "must be a time from " + shortest.toSeconds() + "s to " + longest.toSeconds()
                        + "s, such as 2s, or off to disable it");
    }

    public int number(String key, String configured, int most) {
        int number = NUMBER.matcher(configured).matches() ? Integer.parseInt(configured) : 0;
        violations.addIf(number < 1 || number > most, prefix + key, "must be a number from 1 to " + most);
        return number;
    }

    public boolean flag(String key, String configured) {
        String flag = configured.toLowerCase(Locale.ROOT);
        violations.addIf(!flag.equals("true") && !flag.equals("false"), prefix + key, "must be true or false");
        return flag.equals("true");
    }

    /** Returns null if it is missing or a violation was added. */
    public @Nullable RateLimit rateLimit(String key, Optional<String> configured) {
        if (configured.isEmpty()) {
            return null;
        }
        Matcher rate = RATE.matcher(configured.get());
        Duration per = rate.matches() ? positive(rate.group(2)) : null;
        if (per == null || Integer.parseInt(rate.group(1)) < 1) {
            violations.add(prefix + key, "must be a number of requests and a time, such as 100/1m");
            return null;
        }
        return new RateLimit(Integer.parseInt(rate.group(1)), per);
    }

    private static @Nullable Duration positive(String text) {
        try {
            Duration duration = DurationConverter.parseDuration(text);
            boolean usable = duration != null
                    && !duration.isNegative()
                    && !duration.isZero()
                    && duration.compareTo(MAX_PERIOD) <= 0;
            return usable ? duration : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
