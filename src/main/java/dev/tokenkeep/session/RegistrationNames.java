package dev.tokenkeep.session;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Some registrations, by their names or by how their names begin. The name of a template has its customers with it.
 *
 * @param names whole names
 * @param beginnings without the {@code *} that follows them in the configuration
 */
public record RegistrationNames(Set<String> names, List<String> beginnings) {

    public static final String ANY_END = "*";
    /** Between the name of a template and a customer. */
    private static final String CUSTOMER = "~";

    /** @param written names; one that ends with {@code *} means all that begin like it */
    public static RegistrationNames of(Set<String> written) {
        return new RegistrationNames(
                written.stream().filter(name -> !name.endsWith(ANY_END)).collect(Collectors.toUnmodifiableSet()),
                written.stream()
                        .map(name -> name.endsWith(ANY_END) ? name.substring(0, name.length() - 1) : name + CUSTOMER)
                        .sorted()
                        .toList());
    }

    public boolean has(String registration) {
        return names.contains(registration) || beginnings.stream().anyMatch(registration::startsWith);
    }
}
