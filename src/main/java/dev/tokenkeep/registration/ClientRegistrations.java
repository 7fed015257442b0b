package dev.tokenkeep.registration;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** The configured client registrations by name. */
public final class ClientRegistrations {

    private final Map<String, ClientRegistration> byName;

    public ClientRegistrations(Map<String, ClientRegistration> byName) {
        this.byName = Map.copyOf(byName);
    }

    public Optional<ClientRegistration> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Collection<String> names() {
        return byName.keySet();
    }

    public Collection<ClientRegistration> all() {
        return byName.values();
    }
}
