package dev.tokenkeep.registration;

import dev.tokenkeep.settings.Replaceable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The client registrations by name: those of the configuration, those of files beside it, those that were added through
 * the API, and those that templates make for sessions. They may change, so get a registration whenever it is used. A name
 * of the configuration wins.
 */
public final class ClientRegistrations {

    private final Map<String, Replaceable<ClientRegistration>> configured;
    private final Map<String, RegistrationTemplate> templates;
    private final Map<String, String> presentByFormer;
    private volatile Added added;
    private volatile Set<String> names;
    private volatile Map<String, String> revocable;

    /**
     * Those that can be added and removed while Tokenkeep runs.
     *
     * @param ending are removed with their sessions; all that is left to do is to revoke their refresh tokens
     * @param ofSessions the names that sessions have, of templates
     */
    private record Added(
            Map<String, Replaceable<ClientRegistration>> files,
            Map<String, ClientRegistration> stored,
            Map<String, Optional<ClientRegistration>> ending,
            Set<String> ofSessions) {}

    /**
     * @param configured under former names too
     * @param presentByFormer the present names of registrations by those that they had before
     */
    public ClientRegistrations(
            Map<String, Replaceable<ClientRegistration>> configured,
            Map<String, RegistrationTemplate> templates,
            Map<String, String> presentByFormer) {
        this.configured = Map.copyOf(configured);
        this.templates = Map.copyOf(templates);
        this.presentByFormer = Map.copyOf(presentByFormer);
        publish(new Added(Map.of(), Map.of(), Map.of(), Set.of()));
    }

    public Optional<ClientRegistration> find(String name) {
        Replaceable<ClientRegistration> operators = operators(name);
        return operators == null
                ? Optional.ofNullable(added.stored().get(name)).or(() -> ofTemplate(name))
                : Optional.of(operators.current());
    }

    /** Returns the present names of configured registrations by those that they had before. */
    public Map<String, String> presentByFormer() {
        return presentByFormer;
    }

    /** Returns the name that a registration has now. */
    public String present(String name) {
        String base = RegistrationTemplate.base(name);
        return presentByFormer.getOrDefault(base, base) + name.substring(base.length());
    }

    /** Returns this name of a registration and those that it had before. */
    public Set<String> withFormer(String name) {
        if (presentByFormer.isEmpty()) {
            return Set.of(name);
        }
        String base = RegistrationTemplate.base(name);
        String customer = name.substring(base.length());
        return Stream.concat(
                        Stream.of(name),
                        presentByFormer.entrySet().stream()
                                .filter(one -> one.getValue().equals(base))
                                .map(one -> one.getKey() + customer))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Does the same as {@link #find} without a look at the files of the operator's. Never blocks. */
    public Optional<ClientRegistration> lastRead(String name) {
        Replaceable<ClientRegistration> operators = operators(name);
        return operators == null ? find(name) : Optional.of(operators.lastRead());
    }

    private Optional<ClientRegistration> ofTemplate(String name) {
        return template(RegistrationTemplate.base(name)).flatMap(template -> template.named(name));
    }

    /** Finds a template. Sessions cannot have its own name. */
    public Optional<RegistrationTemplate> template(String name) {
        return Optional.ofNullable(templates.get(name));
    }

    public boolean hasTemplates() {
        return !templates.isEmpty();
    }

    /** Returns what the operator has set, templates with their placeholders among them. */
    public Collection<ClientRegistration> ofTheOperator() {
        return Stream.of(
                        configured.values().stream().map(Replaceable::current),
                        added.files().values().stream().map(Replaceable::current),
                        templates.values().stream().map(RegistrationTemplate::blank))
                .flatMap(some -> some)
                .toList();
    }

    private @Nullable Replaceable<ClientRegistration> operators(String name) {
        Replaceable<ClientRegistration> first = configured.get(name);
        return first == null ? added.files().get(name) : first;
    }

    /** Returns whether the operator has configured it, in the configuration or in a file beside it. */
    public boolean isConfigured(String name) {
        return operators(name) != null || templates.containsKey(name);
    }

    /** Returns whether it is in the configuration itself, which is read only at the start. */
    public boolean isFixed(String name) {
        return configured.containsKey(name) || templates.containsKey(name);
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
                .filter(name -> operators(name) == null)
                .toList();
    }

    /** Replaces the registrations of files. */
    public synchronized void publishFiles(Map<String, Replaceable<ClientRegistration>> files) {
        publish(new Added(Map.copyOf(files), added.stored(), added.ending(), added.ofSessions()));
    }

    /**
     * Replaces the registrations that were added through the API.
     *
     * @param ending those that are removed with their sessions; empty where the settings cannot be used
     */
    public synchronized void publishStored(
            Map<String, ClientRegistration> stored, Map<String, Optional<ClientRegistration>> ending) {
        publish(new Added(added.files(), Map.copyOf(stored), Map.copyOf(ending), added.ofSessions()));
    }

    /** Adds a name that a session is about to have, of a template. */
    public synchronized void addOfSessions(String name) {
        var all = new HashSet<>(added.ofSessions());
        all.add(name);
        publishOfSessions(all);
    }

    /** Replaces the names that sessions have, of templates. Others are left out. */
    public synchronized void publishOfSessions(Collection<String> names) {
        var all = new HashSet<String>();
        names.stream().filter(name -> ofTemplate(name).isPresent()).forEach(all::add);
        if (!all.equals(added.ofSessions())) {
            publish(new Added(added.files(), added.stored(), added.ending(), Set.copyOf(all)));
        }
    }

    /**
     * Returns the names of all registrations that refresh tokens can be revoked with, and for those of the API where they
     * send tokens; an empty text for all others.
     */
    public Map<String, String> revocable() {
        return revocable;
    }

    private void publish(Added next) {
        var all = new HashSet<>(configured.keySet());
        all.addAll(next.files().keySet());
        all.addAll(next.stored().keySet());
        all.addAll(next.ofSessions());
        var destinations = new HashMap<String, String>();
        next.ending().forEach((name, one) -> one.ifPresent(known -> destinations.put(name, destination(known))));
        all.forEach(name -> destinations.put(name, ""));
        next.stored().forEach((name, known) -> {
            if (!configured.containsKey(name) && !next.files().containsKey(name)) {
                destinations.put(name, destination(known));
            }
        });
        added = next;
        names = Set.copyOf(all);
        revocable = Map.copyOf(destinations);
    }

    private static String destination(ClientRegistration registration) {
        return Objects.requireNonNullElse(registration.server().origin().destination(), "");
    }
}
