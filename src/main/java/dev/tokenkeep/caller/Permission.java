package dev.tokenkeep.caller;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The permissions of callers, by their configured names. Internally the names have a prefix of their own: they never
 * give access to a resource of the surrounding application, and its permissions give no access here.
 */
public enum Permission {
    TOKENS_READ("tokens:read"),
    SESSIONS_READ("sessions:read"),
    SESSIONS_WRITE("sessions:write"),
    SESSIONS_ADMIN("sessions:admin"),
    REGISTRATIONS_ADMIN("registrations:admin");

    private static final String PREFIX = "tokenkeep.";

    /** The names for {@code @PermissionsAllowed}. */
    public static final class Needed {
        public static final String TOKENS_READ = PREFIX + "tokens:read";
        public static final String SESSIONS_READ = PREFIX + "sessions:read";
        public static final String SESSIONS_WRITE = PREFIX + "sessions:write";
        public static final String SESSIONS_ADMIN = PREFIX + "sessions:admin";
        public static final String REGISTRATIONS_ADMIN = PREFIX + "registrations:admin";

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
