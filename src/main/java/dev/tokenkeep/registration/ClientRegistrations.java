package dev.tokenkeep.registration;

import dev.tokenkeep.settings.Replaceable;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The client registrations by name: those of the configuration, those of files beside it, and those that were added
 * through the API. They may change, so get a registration whenever it is used. A name of the configuration wins.
 */
public final class ClientRegistrations {

    private final Map<String, Replaceable<ClientRegistration>> configured;
    private volatile Added added = new Added(Map.of(), Map.of(), Map.of());
    private volatile Set<String> names;

    /**
     * Those that can be added and removed while Tokenkeep runs.
     *
     * @param ending are removed with their sessions; all that is left to do is to revoke their refresh tokens
     */
    private record Added(
            Map<String, Replaceable<ClientRegistration>> files,
            Map<String, ClientRegistration> stored,
            Map<String, Optional<ClientRegistration>> ending) {}

    public ClientRegistrations(Map<String, Replaceable<ClientRegistration>> configured) {
        this.configured = Map.copyOf(configured);
        this.names = this.configured.keySet();
    }

    public Optional<ClientRegistration> find(String name) {
        Replaceable<ClientRegistration> operators = operators(name);
        return operators == null ? Optional.ofNullable(added.stored().get(name)) : Optional.of(operators.current());
    }

    private @Nullable Replaceable<ClientRegistration> operators(String name) {
        Replaceable<ClientRegistration> first = configured.get(name);
        return first == null ? added.files().get(name) : first;
    }

    /** Returns whether the operator has configured it, in the configuration or in a file beside it. */
    public boolean isConfigured(String name) {
        return operators(name) != null;
    }

    /** Returns whether it is in the configuration itself, which is read only at the start. */
    public boolean isFixed(String name) {
        return configured.containsKey(name);
    }

    public Collection<String> names() {
        return names;
    }

    public Collection<ClientRegistration> all() {
        return names.stream().flatMap(name -> find(name).stream()).toList();
    }

    /** Finds a registration whose refresh tokens can be revoked: also one that is removed with its sessions. */
    public Optional<ClientRegistration> findRevocable(String name) {
        return find(name).or(() -> added.ending().getOrDefault(name, Optional.empty()));
    }

    /** Returns the names of the registrations that are removed with their sessions, and that nobody has configured. */
    public Collection<String> ending() {
        return added.ending().keySet().stream()
                .filter(name -> !isConfigured(name))
                .toList();
    }

    /** Replaces the registrations of files. */
    public synchronized void publishFiles(Map<String, Replaceable<ClientRegistration>> files) {
        publish(new Added(Map.copyOf(files), added.stored(), added.ending()));
    }

    /**
     * Replaces the registrations that were added through the API.
     *
     * @param ending those that are removed with their sessions; empty where the settings cannot be used
     */
    public synchronized void publishStored(
            Map<String, ClientRegistration> stored, Map<String, Optional<ClientRegistration>> ending) {
        publish(new Added(added.files(), Map.copyOf(stored), Map.copyOf(ending)));
    }

    private void publish(Added next) {
        var all = new HashSet<>(configured.keySet());
        all.addAll(next.files().keySet());
        all.addAll(next.stored().keySet());
        added = next;
        names = Set.copyOf(all);
    }
}
