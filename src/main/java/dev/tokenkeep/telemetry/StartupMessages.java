package dev.tokenkeep.telemetry;

import java.util.List;
import java.util.stream.Collectors;

/** The lines that tell at start-up what is configured: one a feature, in this order, each of a bounded length. */
public final class StartupMessages {

    public static final int REGISTRATIONS = 5001;
    public static final int REFRESH = 5002;
    public static final int KEYS = 5003;
    public static final int API = 5004;
    public static final int AUDIT = 5005;

    private static final int FIRST = 5;

    private StartupMessages() {}

    /** The first of them, and how many more there are. */
    public static String listed(List<String> items) {
        if (items.isEmpty()) {
            return "none";
        }
        String first = items.stream().limit(FIRST).collect(Collectors.joining(", "));
        return items.size() <= FIRST ? first : first + " and " + (items.size() - FIRST) + " more";
    }
}
