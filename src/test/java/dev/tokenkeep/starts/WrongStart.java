package dev.tokenkeep.starts;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One way to start wrongly.
 *
 * @param name as the documentation's table has it
 * @param change of an environment with which it starts
 * @param options of the JVM
 */
record WrongStart(String name, Consumer<Map<String, String>> change, List<String> options) {

    static WrongStart with(String name, String variable, String value) {
        return new WrongStart(name, environment -> environment.put(variable, value), List.of());
    }

    static WrongStart changed(String name, Consumer<Map<String, String>> change) {
        return new WrongStart(name, change, List.of());
    }

    static WrongStart option(String name, String option) {
        return new WrongStart(name, environment -> {}, List.of(option));
    }
}
