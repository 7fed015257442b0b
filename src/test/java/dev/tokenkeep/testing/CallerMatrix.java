package dev.tokenkeep.testing;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A caller for every set of permissions that is not empty, and for all registrations, the tests' own, and another one. */
public final class CallerMatrix {

    /** @param registration the only one it may use; null for all */
    public record MatrixCaller(
            String name, Set<String> permissions, @Nullable String registration) {}

    private static final List<String> PERMISSIONS =
            List.of("tokens:read", "sessions:read", "sessions:write", "sessions:admin");

    private CallerMatrix() {}

    public static List<MatrixCaller> callers() {
        return Stream.of("all", "test", "other")
                .flatMap(registrations -> IntStream.range(1, 1 << PERMISSIONS.size())
                        .mapToObj(set -> new MatrixCaller(
                                "matrix-" + set + "-" + registrations,
                                permissions(set),
                                Objects.equals(registrations, "all") ? null : registrations)))
                .toList();
    }

    private static Set<String> permissions(int set) {
        var permissions = new TreeSet<String>();
        for (int i = 0; i < PERMISSIONS.size(); i++) {
            if ((set & 1 << i) != 0) {
                permissions.add(PERMISSIONS.get(i));
            }
        }
        return permissions;
    }
}
