package dev.tokenkeep.settings;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognizes the host names and addresses of this machine's own loopback. */
public final class Loopback {

    private static final Pattern HOST =
            Pattern.compile("localhost|\\[(0*:)*:?0*1]|127(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}");

    private Loopback() {}

    public static boolean is(@Nullable String host) {
        return host != null && HOST.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }
}
