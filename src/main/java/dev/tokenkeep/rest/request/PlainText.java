package dev.tokenkeep.rest.request;

import java.util.regex.Pattern;

/** Text that the database takes and a log shows: no control characters, no halves of characters. */
final class PlainText {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_.-]{1,32}");

    private PlainText() {}

    static String checked(String member, String text, int longest) {
        if (text.isEmpty() || text.length() > longest) {
            throw RequestBody.invalid(member, "must have 1 to " + longest + " characters.");
        }
        if (!text.codePoints().allMatch(PlainText::isPlain)) {
            throw RequestBody.invalid(member, "must not contain control characters or unpaired surrogates.");
        }
        return text;
    }

    /** A name that the caller made up, to be told to it again; empty for what looks like no name: it may be a token. */
    static String quotable(String name) {
        return NAME.matcher(name).matches() ? name : "";
    }

    /** A code point that is a surrogate has lost its other half. */
    private static boolean isPlain(int codePoint) {
        return !Character.isISOControl(codePoint) && Character.getType(codePoint) != Character.SURROGATE;
    }
}
