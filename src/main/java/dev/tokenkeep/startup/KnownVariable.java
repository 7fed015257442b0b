package dev.tokenkeep.startup;

import dev.tokenkeep.settings.KnownSettings;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A known setting in the form of an environment variable.
 *
 * @param before the part before a chosen name; the whole variable if it has none
 * @param after the part after the chosen name; null if the setting has none
 * @param end the part after a second chosen name, such as a header's, which is often empty; null if there is no second one
 */
record KnownVariable(
        String before, @Nullable String after, @Nullable String end) {

    private static final String NAME = "." + KnownSettings.ANY;

    static KnownVariable of(String known) {
        int name = known.indexOf(NAME + ".");
        if (name < 0) {
            return new KnownVariable(written(known), null, null);
        }
        String before = written(known.substring(0, name)) + "_";
        String after = known.substring(name + NAME.length());
        int second = after.indexOf(NAME);
        return second < 0
                ? new KnownVariable(before, written(after), null)
                : new KnownVariable(
                        before,
                        written(after.substring(0, second)) + "_",
                        written(after.substring(second + NAME.length())));
    }

    /** @param names the chosen names that are allowed besides those without an underscore; null for any */
    boolean has(String variable, @Nullable Set<String> names) {
        if (after == null) {
            return variable.equals(before);
        }
        if (!variable.startsWith(before)) {
            return false;
        }
        String rest = variable.substring(before.length());
        if (end == null) {
            return rest.endsWith(after) && isName(rest.substring(0, rest.length() - after.length()), names);
        }
        int at = rest.indexOf(after, 1);
        int second = at + after.length();
        int last = rest.length() - end.length();
        return at > 0
                && second < last
                && rest.endsWith(end)
                && isName(rest.substring(0, at), names)
                // The end of a variable is what it is, such as a header's name.
                && (end.isEmpty() || isName(rest.substring(second, last), names));
    }

    private static boolean isName(String written, @Nullable Set<String> names) {
        if (written.isEmpty()) {
            return false;
        }
        boolean quoted = written.length() > 2 && written.startsWith("_") && written.endsWith("_");
        return names == null || quoted || !written.contains("_") || names.contains(written);
    }

    static String written(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
