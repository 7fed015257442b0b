package dev.tokenkeep.starts;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A start with a mistake, or with several that are told together.
 *
 * @param names as the documentation's table has them
 * @param change of an environment with which it starts
 * @param options of the JVM
 */
record WrongStart(List<String> names, Consumer<Map<String, String>> change, List<String> options) {

    static WrongStart with(String name, String variable, String value) {
        return changed(name, environment -> environment.put(variable, value));
    }

    static WrongStart changed(String name, Consumer<Map<String, String>> change) {
        return new WrongStart(List.of(name), change, List.of());
    }

    static WrongStart option(String name, String option) {
        return new WrongStart(List.of(name), environment -> {}, List.of(option));
    }

    static WrongStart together(WrongStart... all) {
        return new WrongStart(
                Stream.of(all).flatMap(one -> one.names().stream()).toList(),
                environment -> Arrays.stream(all).forEach(one -> one.change().accept(environment)),
                Stream.of(all).flatMap(one -> one.options().stream()).toList());
    }
}
