package dev.tokenkeep.registration.added;

import dev.tokenkeep.database.DatabaseAway;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationRule;
import dev.tokenkeep.registration.RegistrationsChanged;
import dev.tokenkeep.registration.settings.RegistrationFiles;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.Replaceable;
import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads the operator's registration files again when one was added, changed or removed. */
@ApplicationScoped
class RegistrationFilesJob {

    private static final Logger LOG = Logger.getLogger(RegistrationFilesJob.class);

    private final RegistrationFiles files;
    private final ClientRegistrations registrations;
    private final List<RegistrationRule> rules;
    private final Event<RegistrationsChanged> changes;
    /** Changed, and not yet told to everybody who remembers something of them. */
    private final Set<String> untold = new HashSet<>();

    private String toldViolations = "";

    RegistrationFilesJob(
            RegistrationFiles files,
            ClientRegistrations registrations,
            @All List<RegistrationRule> rules,
            Event<RegistrationsChanged> changes) {
        this.files = files;
        this.registrations = registrations;
        this.rules = rules;
        this.changes = changes;
    }

    @Scheduled(
            identity = "tokenkeep-registration-files",
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = DatabaseAway.class)
    void tick() {
        if (files.isChanged()) {
            read();
        }
        if (!untold.isEmpty()) {
            try {
                changes.fire(new RegistrationsChanged(untold));
                untold.clear();
            } catch (RuntimeException e) {
                DatabaseFailure.log(LOG, e, "Cannot tell of changed registration files");
            }
        }
    }

    private void read() {
        Map<String, Replaceable<ClientRegistration>> former = files.current();
        var violations = new ConfigViolations();
        var next = new HashMap<String, Replaceable<ClientRegistration>>();
        files.read(registrations, violations).forEach((name, one) -> {
            Replaceable<ClientRegistration> kept = allowed(one, former.get(name), violations);
            if (kept != null) {
                next.put(name, kept);
            }
        });
        tell(violations.toString());
        Set<String> changed = new HashSet<>(former.keySet());
        changed.addAll(next.keySet());
        changed.removeIf(name -> former.get(name) == next.get(name));
        files.keep(next);
        registrations.publishFiles(next);
        if (!changed.isEmpty()) {
            LOG.infof("Registration files: %s changed", new TreeSet<>(changed));
            untold.addAll(changed);
        }
    }

    /** Once, however often the files are read again. */
    private void tell(String violations) {
        if (!violations.isEmpty() && !violations.equals(toldViolations)) {
            LOG.errorf(
                    "Invalid registration files. Their registrations stay as they were, and new ones are not added: %s",
                    violations);
        }
        toldViolations = violations;
    }

    /** Returns the registration if it keeps all rules, else the former one. */
    private @Nullable Replaceable<ClientRegistration> allowed(
            Replaceable<ClientRegistration> registration,
            @Nullable Replaceable<ClientRegistration> former,
            ConfigViolations violations) {
        var own = new ConfigViolations();
        if (registration != former) {
            rules.forEach(rule -> rule.check(registration.current(), own));
        }
        own.byKey().forEach(violations::add);
        return own.isEmpty() ? registration : former;
    }
}
