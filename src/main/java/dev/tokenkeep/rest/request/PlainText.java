package dev.tokenkeep.rest.request;

import java.util.regex.Pattern;

/** Text that the database accepts and a log can show: no control characters, no unpaired surrogates. */
public final class PlainText {

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

    /**
     * Returns a name from the request that may be quoted in the response. Returns an empty string if it does not look
     * like a name, because it may be a token.
     */
    public static String quotable(String name) {
        return NAME.matcher(name).matches() ? name : "";
    }

    /** A surrogate code point here is unpaired. */
    private static boolean isPlain(int codePoint) {
        return !Character.isISOControl(codePoint) && Character.getType(codePoint) != Character.SURROGATE;
    }
}
