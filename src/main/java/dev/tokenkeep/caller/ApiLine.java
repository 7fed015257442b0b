package dev.tokenkeep.caller;

import dev.tokenkeep.telemetry.StartupLine;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Tells at start-up who may use the API, by the callers' configured names, or that there is none. */
@Singleton
class ApiLine {

    private static final Logger LOG = Logger.getLogger(ApiLine.class);

    void tell(@Observes @Priority(StartupLine.API) StartupEvent event, Instance<Callers> callers) {
        LOG.info(callers.isResolvable() ? text(callers.get().all()) : "API: off");
    }

    static String text(Collection<Caller> callers) {
        return "API: on, callers: "
                + StartupLine.listed(callers.stream()
                        .sorted(Comparator.comparing(Caller::name))
                        .map(ApiLine::text)
                        .toList());
    }

    private static String text(Caller caller) {
        return caller.name()
                + caller.permissions().stream()
                        .sorted()
                        .map(Permission::configured)
                        .collect(Collectors.joining(" ", " (", ")"));
    }
}
