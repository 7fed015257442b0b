package dev.tokenkeep.rest;

/** Text that the database takes and a log shows: no control characters, no halves of characters. */
final class PlainText {

    private PlainText() {}

    static String checked(String member, String text, int longest) {
        if (text.isEmpty() || text.length() > longest) {
            throw RequestBody.invalid(member, "must have 1 to " + longest + " characters.");
        }
        if (text.codePoints()
                .anyMatch(c ->
                        Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))) {
            throw RequestBody.invalid(member, "has a control character or half of a character.");
        }
        return text;
    }
}
