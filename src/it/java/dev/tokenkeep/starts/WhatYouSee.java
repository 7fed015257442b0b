package dev.tokenkeep.starts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The documentation's table: of each way to go wrong the lines that are seen, {@code …} for what differs. */
final class WhatYouSee {

    private static final Path TABLE = Path.of("src", "docs", "wrong-starts.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\| `(.+)` \\|$");

    private final Map<String, List<Pattern>> lines = new LinkedHashMap<>();

    static WhatYouSee read() throws IOException {
        var all = new WhatYouSee();
        Matcher row = ROW.matcher(Files.readString(TABLE));
        while (row.find()) {
            all.lines.put(
                    row.group(1).strip(),
                    Arrays.stream(row.group(2).split("`<br>`"))
                            .map(WhatYouSee::pattern)
                            .toList());
        }
        return all;
    }

    private static Pattern pattern(String line) {
        return Pattern.compile(Arrays.stream(line.split("…", -1))
                .map(part -> part.isEmpty() ? "" : Pattern.quote(part))
                .collect(Collectors.joining(".*")));
    }

    List<Pattern> of(String name) {
        return lines.getOrDefault(name, List.of());
    }

    Iterable<String> names() {
        return lines.keySet();
    }
}
