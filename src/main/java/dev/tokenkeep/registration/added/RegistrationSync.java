package dev.tokenkeep.registration.added;

import dev.tokenkeep.database.DatabaseAway;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationsChanged;
import dev.tokenkeep.registration.added.StoredRegistration.State;
import dev.tokenkeep.registration.settings.RegistrationReader;
import dev.tokenkeep.registration.settings.RegistrationReader.Read;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has this process know the registrations of the database. Looks once a second whether there was a change, and reads only
 * what has changed.
 */
@ApplicationScoped
class RegistrationSync {

    private static final Logger LOG = Logger.getLogger(RegistrationSync.class);

    private final StoredRegistrations stored;
    private final RegistrationReader reader;
    private final ClientRegistrations registrations;
    private final Event<RegistrationsChanged> changes;
    private Map<String, Known> known = Map.of();
    private long seen;
    /** Those whose encryption key is missing, and the keys that there were. */
    private Set<String> keyMissing = Set.of();

    private Set<String> keys = Set.of();

    /** @param registration null if its settings are not valid any more, or their key is missing */
    private record Known(State state, @Nullable ClientRegistration registration) {}

    RegistrationSync(
            StoredRegistrations stored,
            RegistrationReader reader,
            ClientRegistrations registrations,
            Event<RegistrationsChanged> changes) {
        this.stored = stored;
        this.reader = reader;
        this.registrations = registrations;
        this.changes = changes;
    }

    void start(@Observes StartupEvent event) {
        takeNames(registrations.ofTheOperator().stream()
                .map(ClientRegistration::name)
                .toList());
        look();
    }

    @Scheduled(
            identity = "tokenkeep-registrations",
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = DatabaseAway.class)
    void tick() {
        try {
            look();
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot look for changed registrations");
        }
    }

    /** Reads what has changed since the last time. What fails is done again the next time. */
    synchronized void look() {
        boolean newKeys = !keyMissing.isEmpty() && !keys.equals(stored.keys());
        long latest = stored.version();
        if (latest == seen && !newKeys) {
            return;
        }
        // Versions go back if the database does, such as to a backup. Then all is read again.
        boolean back = latest < seen;
        long after = newKeys || back ? 0 : seen;
        Set<String> keysNow = stored.keys();
        List<StoredRegistration> rows = stored.changedAfter(after);
        var next = new HashMap<>(back ? Map.<String, Known>of() : known);
        var nextMissing = new HashSet<>(back ? Set.<String>of() : keyMissing);
        Map<String, Read> read = read(rows);
        rows.forEach(row -> {
            nextMissing.remove(row.name());
            if (row.keyMissing()) {
                nextMissing.add(row.name());
                // What it was before stays in use.
                next.compute(
                        row.name(),
                        (name, former) -> new Known(row.state(), former == null ? null : former.registration()));
            } else if (row.is(State.REMOVED)) {
                next.remove(row.name());
            } else {
                next.put(row.name(), new Known(row.state(), registration(row, read)));
            }
        });
        warn(rows, nextMissing);
        publish(next, nextMissing, rows);
        known = Map.copyOf(next);
        keyMissing = Set.copyOf(nextMissing);
        keys = keysNow;
        seen = Math.max(
                latest,
                rows.stream().mapToLong(StoredRegistration::version).max().orElse(0));
    }

    private Map<String, Read> read(List<StoredRegistration> rows) {
        var settings = new TreeMap<String, Map<String, String>>();
        rows.forEach(row -> {
            if (row.settings() != null) {
                settings.put(row.name(), SettingsJson.read(row.settings()));
            }
        });
        return reader.readAll(settings);
    }

    private static @Nullable ClientRegistration registration(StoredRegistration row, Map<String, Read> read) {
        Read own = read.get(row.name());
        if (own != null && own.registration() == null) {
            LOG.errorf(
                    "Registration %s: its settings were valid when it was added, and are not any more. Its sessions wait:"
                            + " %s",
                    row.name(), own.violations().keySet());
        }
        return own == null ? null : own.registration();
    }

    private void warn(List<StoredRegistration> rows, Set<String> nowMissing) {
        rows.stream()
                .filter(row -> row.is(State.ACTIVE) && registrations.isConfigured(row.name()))
                .filter(row -> registrations.template(row.name()).isEmpty())
                .forEach(row -> LOG.errorf(
                        "Registration %s was added through the API, and the operator has configured it for this replica too."
                                + " The operator's settings are used",
                        row.name()));
        nowMissing.stream()
                .filter(name -> !keyMissing.contains(name))
                .forEach(name -> LOG.errorf(
                        "Registration %s: the encryption key of its settings is not in the key directory of this replica."
                                + " Changes are not seen here; after a restart its sessions wait",
                        name));
    }

    /**
     * Has the operator's registrations take their names for good. Otherwise their sessions would be those of the API's
     * registration of the same name once they are configured no longer.
     */
    private void takeNames(Collection<String> names) {
        List<String> taken = stored.giveToOperator(names.stream()
                .filter(registrations::isConfigured)
                .filter(name -> registrations.template(name).isEmpty())
                .toList());
        if (!taken.isEmpty()) {
            LOG.warnf(
                    "Registrations %s are configured and had been added through the API: what the API had added is removed",
                    taken);
        }
    }

    void filesChanged(@Observes RegistrationsChanged changed) {
        takeNames(changed.names());
    }

    private void publish(Map<String, Known> all, Set<String> nowMissing, List<StoredRegistration> rows) {
        var active = new HashMap<String, ClientRegistration>();
        var ending = new HashMap<String, Optional<ClientRegistration>>();
        all.forEach((name, one) -> {
            if (one.state() == State.ENDING) {
                // Where the key is missing, a replica that has it goes on.
                if (one.registration() != null || !nowMissing.contains(name)) {
                    ending.put(name, Optional.ofNullable(one.registration()));
                }
            } else if (one.registration() != null) {
                active.put(name, one.registration());
            }
        });
        registrations.publishStored(active, ending);
        if (!rows.isEmpty()) {
            changes.fire(new RegistrationsChanged(
                    rows.stream().map(StoredRegistration::name).collect(Collectors.toSet())));
        }
    }
}
