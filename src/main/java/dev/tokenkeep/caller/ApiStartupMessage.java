package dev.tokenkeep.caller;

import dev.tokenkeep.telemetry.StartupMessages;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Logs at startup which callers may use the API, by their configured names, or that the API is off. */
@Singleton
class ApiStartupMessage {

    private static final Logger LOG = Logger.getLogger(ApiStartupMessage.class);

    void tell(@Observes @Priority(StartupMessages.API) StartupEvent event, Instance<Callers> callers) {
        LOG.info(callers.isResolvable() ? text(callers.get().all()) : "API: off");
    }

    static String text(Collection<Caller> callers) {
        return "API: on, callers: "
                + StartupMessages.listed(callers.stream()
                        .sorted(Comparator.comparing(Caller::name))
                        .map(ApiStartupMessage::text)
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
