package dev.tokenkeep.settings;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads numbers and times that are configured as text, so that a bad one is reported with everything else. */
public record ValueCheck(String prefix, ConfigViolations violations) {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern RATE = Pattern.compile("([0-9]{1,9})/(\\S{1,32})");
    private static final Duration LONGEST = Duration.ofDays(3650);

    /** Null if it is not given, or if a violation is noted. */
    public @Nullable Duration duration(String key, Optional<String> configured) {
        Duration duration = configured.map(ValueCheck::positive).orElse(null);
        violations.addIf(
                configured.isPresent() && duration == null, prefix + key, "must be a positive time, such as 5s or 1m");
        return duration;
    }

    /** How often something is done; {@code off} for never. */
    public void period(String key, String configured, Duration shortest, Duration longest) {
        boolean off = configured.equals("off") || configured.equals("disabled");
        Duration period = off ? shortest : positive(configured);
        violations.addIf(
                period == null || period.compareTo(shortest) < 0 || period.compareTo(longest) > 0,
                prefix + key,
                "must be a time from " + shortest.toSeconds() + "s to " + longest.toSeconds()
                        + "s, such as 2s, or off for never");
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

    /** Null if it is not given, or if a violation is noted. */
    public @Nullable RateLimit rateLimit(String key, Optional<String> configured) {
        if (configured.isEmpty()) {
            return null;
        }
        Matcher rate = RATE.matcher(configured.get());
        Duration per = rate.matches() ? positive(rate.group(2)) : null;
        if (per == null || Integer.parseInt(rate.group(1)) < 1) {
            violations.add(prefix + key, "must be requests and time, such as 100/1m");
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
                    && duration.compareTo(LONGEST) <= 0;
            return usable ? duration : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
