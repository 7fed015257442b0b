package dev.tokenkeep.http;

import java.util.regex.Pattern;

/**
 * Makes a server's text fit for a log line: its first 200 characters, with a question mark for each one that is not
 * printable ASCII.
 */
public final class PrintableText {

    private static final int MAX_LENGTH = 200;
    private static final Pattern NOT_PRINTABLE = Pattern.compile("[^\\x20-\\x7e]");

    private PrintableText() {}

    public static String printable(String told) {
        return NOT_PRINTABLE
                .matcher(told.substring(0, Math.min(told.length(), MAX_LENGTH)))
                .replaceAll("?");
    }
}
