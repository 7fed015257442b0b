package dev.tokenkeep.http;

import java.util.regex.Pattern;

/** What a server has told, for a log line: its beginning, with a question mark for what is not printable ASCII. */
public final class PrintableText {

    private static final int LONGEST = 200;
    private static final Pattern NOT_PRINTABLE = Pattern.compile("[^\\x20-\\x7e]");

    private PrintableText() {}

    public static String printable(String told) {
        return NOT_PRINTABLE
                .matcher(told.substring(0, Math.min(told.length(), LONGEST)))
                .replaceAll("?");
    }
}
