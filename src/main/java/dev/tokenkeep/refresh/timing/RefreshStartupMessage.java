package dev.tokenkeep.refresh.timing;

import dev.tokenkeep.telemetry.StartupMessages;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import org.jboss.logging.Logger;

/** Tells at start-up when sessions are refreshed, and by whom. */
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
                config.enabled() ? "job every " + config.every() : "job off, on demand alone",
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
