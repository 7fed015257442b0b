package dev.tokenkeep.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names in a PromQL expression.
 *
 * @param grouping the labels that it aggregates or joins by
 */
record PromQl(List<Selector> selectors, Set<String> grouping) {

    /**
     * A metric and what is asked of its labels.
     *
     * @param matchers the values that each label may have; empty where the expression or a variable decides
     */
    record Selector(String metric, Map<String, Set<String>> matchers) {}

    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");
    private static final Pattern NAME = Pattern.compile("(?<![\\w.:$\"])([a-zA-Z_:][\\w:]*)\\s*(?:\\{([^}]*)}|(\\())?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    static PromQl parse(String expression) {
        var grouping = new TreeSet<String>();
        String rest = GROUPING.matcher(expression).replaceAll(found -> {
            for (String label : found.group(1).split(",")) {
                grouping.add(label.strip());
            }
            return " ";
        });
        var selectors = new ArrayList<Selector>();
        Matcher name = NAME.matcher(RANGE.matcher(rest).replaceAll(" "));
        while (name.find()) {
            if (name.group(3) == null && !WORDS.contains(name.group(1))) {
                selectors.add(new Selector(name.group(1), matchers(name.group(2))));
            }
        }
        return new PromQl(List.copyOf(selectors), grouping);
    }

    private static Map<String, Set<String>> matchers(String text) {
        var matchers = new TreeMap<String, Set<String>>();
        Matcher matcher = MATCHER.matcher(text == null ? "" : text);
        while (matcher.find()) {
            boolean open = matcher.group(3).matches(".*[$*.+].*");
            matchers.put(
                    matcher.group(1), open ? Set.of() : Set.of(matcher.group(3).split("\\|")));
        }
        return matchers;
    }
}
