package dev.tokenkeep.rest;

/** Text that the database takes and a log shows: no control characters, no halves of characters. */
final class PlainText {

    private static final int LONGEST_QUOTED = 64;

    private PlainText() {}

    static String checked(String member, String text, int longest) {
        if (text.isEmpty() || text.length() > longest) {
            throw RequestBody.invalid(member, "must have 1 to " + longest + " characters.");
        }
        if (!text.codePoints().allMatch(PlainText::isPlain)) {
            throw RequestBody.invalid(member, "has a control character or half of a character.");
        }
        return text;
    }

    /** A name that the caller made up, cut and cleaned so that it can be told to it again. */
    static String quotable(String name) {
        return name.codePoints()
                .limit(LONGEST_QUOTED)
                .map(c -> isPlain(c) ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A code point that is a surrogate has lost its other half. */
    private static boolean isPlain(int codePoint) {
        return !Character.isISOControl(codePoint) && Character.getType(codePoint) != Character.SURROGATE;
    }
}
