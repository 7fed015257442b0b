package dev.tokenkeep.registration;

import java.util.Set;

/**
 * Registrations were added, changed or removed while Tokenkeep runs. Whoever remembers something of a registration
 * observes this, and forgets it.
 */
public record RegistrationsChanged(Set<String> names) {

    public RegistrationsChanged {
        names = Set.copyOf(names);
    }
}
