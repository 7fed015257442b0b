package dev.tokenkeep.telemetry;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The IDs of the log messages that report the configuration at startup: one for each feature, in this order, each of a
 * limited length.
 */
public final class StartupMessages {

    public static final int REGISTRATIONS = 5001;
    public static final int REFRESH = 5002;
    public static final int KEYS = 5003;
    public static final int API = 5004;
    public static final int AUDIT = 5005;

    private static final int MAX_LISTED = 5;

    private StartupMessages() {}

    /** Returns the first five items and how many more there are. */
    public static String listed(List<String> items) {
        if (items.isEmpty()) {
            return "none";
        }
        String first = items.stream().limit(MAX_LISTED).collect(Collectors.joining(", "));
        return items.size() <= MAX_LISTED ? first : first + " and " + (items.size() - MAX_LISTED) + " more";
    }
}
