package dev.tokenkeep.audit;

import dev.tokenkeep.telemetry.StartupMessages;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Logs at startup where audit entries go. */
@Singleton
class AuditStartupMessage {

    /** Not the audit's own category, which has only entries. */
    private static final Logger LOG = Logger.getLogger("dev.tokenkeep.AuditLine");

    void tell(@Observes @Priority(StartupMessages.AUDIT) StartupEvent event, AuditConfig config) {
        LOG.info(text(config.table(), config.failClosed()));
    }

    static String text(boolean table, boolean failClosed) {
        return "Audit: log" + (table ? " and table" : "") + (failClosed ? ", no token without its entry" : "");
    }
}
