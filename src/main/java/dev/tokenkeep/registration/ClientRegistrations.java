package dev.tokenkeep.registration;

import dev.tokenkeep.settings.Replaceable;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The configured client registrations by name. Values from files may be replaced, so get a registration whenever it is
 * used.
 */
public final class ClientRegistrations {

    private final Map<String, Replaceable<ClientRegistration>> byName;

    ClientRegistrations(Map<String, Replaceable<ClientRegistration>> byName) {
        this.byName = Map.copyOf(byName);
    }

    public Optional<ClientRegistration> find(String name) {
        return Optional.ofNullable(byName.get(name)).map(Replaceable::current);
    }

    public Collection<String> names() {
        return byName.keySet();
    }

    public Collection<ClientRegistration> all() {
        return byName.keySet().stream().flatMap(name -> find(name).stream()).toList();
    }
}
