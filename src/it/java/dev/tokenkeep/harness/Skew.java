package dev.tokenkeep.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sets a process's wall clock wrong by libfaketime, where that is installed. */
final class Skew {

    private static final String AHEAD = "+120s";
    private static final List<String> LIBRARIES = List.of(
            "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1");

    private Skew() {}

    static Map<String, String> ahead(Map<String, String> environment) {
        var skewed = new HashMap<>(environment);
        library().ifPresent(library -> {
            skewed.put("LD_PRELOAD", library);
            skewed.put("FAKETIME", AHEAD);
            skewed.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            // Its mending of monotonic waits makes the JVM's return at once.
            skewed.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        });
        return skewed;
    }

    static String description() {
        return library().isPresent() ? AHEAD : "right (libfaketime is not installed)";
    }

    private static Optional<String> library() {
        return LIBRARIES.stream().filter(file -> Files.exists(Path.of(file))).findFirst();
    }
}
