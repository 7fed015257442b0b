package dev.tokenkeep.settings;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** This very machine, by the names and addresses that lead nowhere else. */
public final class Loopback {

    private static final Pattern HOST =
            Pattern.compile("localhost|\\[(0*:)*:?0*1]|127(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}");

    private Loopback() {}

    public static boolean is(@Nullable String host) {
        return host != null && HOST.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }
}
