package dev.tokenkeep.registration;

import java.util.regex.Pattern;

/** How registrations may be called. */
public final class RegistrationName {

    /** The rule, as a text for whoever broke it. */
    public static final String RULE =
            "a registration's name may have up to 64 letters, digits, dots, underscores and hyphens";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RegistrationName() {}

    public static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }
}
