package dev.tokenkeep.caller;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a caller may be allowed, by its configured name. Inside, the names carry a prefix of their own: what they open
 * here never opens a resource of the application around it, nor the other way round.
 */
public enum Permission {
    TOKENS_READ("tokens:read"),
    SESSIONS_READ("sessions:read"),
    SESSIONS_WRITE("sessions:write"),
    SESSIONS_ADMIN("sessions:admin");

    private static final String PREFIX = "tokenkeep.";

    /** For {@code @PermissionsAllowed}. */
    public static final class Needed {
        public static final String TOKENS_READ = PREFIX + "tokens:read";
        public static final String SESSIONS_READ = PREFIX + "sessions:read";
        public static final String SESSIONS_WRITE = PREFIX + "sessions:write";
        public static final String SESSIONS_ADMIN = PREFIX + "sessions:admin";

        private Needed() {}
    }

    /** Every permission by its configured name. */
    static final Map<String, Permission> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(p -> p.configured, Function.identity()));

    private final String configured;

    Permission(String configured) {
        this.configured = configured;
    }

    String configured() {
        return configured;
    }

    String needed() {
        return PREFIX + configured;
    }
}
