package dev.tokenkeep.startup;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A known setting in the form of an environment variable.
 *
 * @param before the part before a chosen name; the whole variable if it has none
 * @param after the part after the chosen name; null if the setting has none
 * @param open whether the variable ends with a second chosen name, such as a header's
 */
record KnownVariable(String before, @Nullable String after, boolean open) {

    static KnownVariable of(String known) {
        int name = known.indexOf("." + KnownSettings.ANY + ".");
        if (name < 0) {
            return new KnownVariable(written(known), null, false);
        }
        boolean open = known.endsWith(KnownSettings.ANY);
        String after = "_" + written(known.substring(name + 3));
        return new KnownVariable(
                written(known.substring(0, name)) + "_", open ? after.substring(0, after.length() - 1) : after, open);
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
        int at = open ? rest.indexOf(after, 1) : rest.endsWith(after) ? rest.length() - after.length() : -1;
        return at > 0 && (!open || rest.length() > at + after.length()) && isName(rest.substring(0, at), names);
    }

    private static boolean isName(String written, @Nullable Set<String> names) {
        boolean quoted = written.length() > 2 && written.startsWith("_") && written.endsWith("_");
        return names == null || quoted || !written.contains("_") || names.contains(written);
    }

    static String written(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
