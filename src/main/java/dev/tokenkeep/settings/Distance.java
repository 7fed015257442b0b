package dev.tokenkeep.settings;

/** Computes how many letters must be changed, added or removed to turn one word into another (Levenshtein). */
public final class Distance {

    private Distance() {}

    public static int between(String one, String other) {
        int[] above = new int[other.length() + 1];
        for (int column = 0; column <= other.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= one.length(); row++) {
            int[] now = new int[other.length() + 1];
            now[0] = row;
            for (int column = 1; column <= other.length(); column++) {
                int changed = above[column - 1] + (one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1);
                now[column] = Math.min(changed, 1 + Math.min(above[column], now[column - 1]));
            }
            above = now;
        }
        return above[other.length()];
    }
}
