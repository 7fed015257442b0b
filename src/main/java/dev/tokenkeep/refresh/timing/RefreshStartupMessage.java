package dev.tokenkeep.refresh.timing;

import dev.tokenkeep.telemetry.StartupMessages;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import org.jboss.logging.Logger;

/** Logs at startup when sessions are refreshed, and whether by the job or only on demand. */
@Singleton
class RefreshStartupMessage {

    private static final Logger LOG = Logger.getLogger(RefreshStartupMessage.class);

    void tell(@Observes @Priority(StartupMessages.REFRESH) StartupEvent event, RefreshConfig config) {
        LOG.info(text(config));
    }

    static String text(RefreshConfig config) {
        return String.format(
                Locale.ROOT,
                "Refresh: %s, %s or %.0f %% of its lifetime before a token expires, lease %s, readers wait %s, hard cap %s",
                config.enabled() ? "job every " + config.every() : "job off, only on demand",
                seconds(config.margin()),
                config.marginFraction() * 100,
                seconds(config.lease()),
                seconds(config.timeout()),
                seconds(config.hardCap()));
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
