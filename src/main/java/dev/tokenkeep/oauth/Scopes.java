package dev.tokenkeep.oauth;

import java.util.regex.Pattern;

/** The syntax of scopes (RFC 6749 §3.3). */
public final class Scopes {

    public static final int MAX_LENGTH = 2000;

    /** Printable ASCII without quotes and backslashes, separated by single spaces. */
    private static final Pattern SCOPE =
            Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+( [\\x21\\x23-\\x5B\\x5D-\\x7E]+)*");

    private Scopes() {}

    public static boolean isValid(String scope) {
        return scope.length() <= MAX_LENGTH && SCOPE.matcher(scope).matches();
    }
}
