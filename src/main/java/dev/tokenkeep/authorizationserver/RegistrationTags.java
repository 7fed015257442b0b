package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Names registrations in the metrics of this process. Those that are used first have series of their own, up to a number; all
 * others share one set of series, so that metrics do not grow with the registrations. Thread-safe.
 */
@Singleton
@Startup
public class RegistrationTags {

    /** What those are called that have no series of their own. */
    public static final String OTHER = "other";

    private static final Logger LOG = Logger.getLogger(RegistrationTags.class);

    private final int most;
    private final Set<String> own = ConcurrentHashMap.newKeySet();
    private volatile boolean told;

    RegistrationTags(MetricsConfig config) {
        var violations = new ConfigViolations();
        violations.addIf(config.registrations() < 0, "tokenkeep.metrics.registrations", "must be 0 or more");
        violations.throwIfAny();
        this.most = config.registrations();
    }

    /** What the registration is called, the same in every metric. */
    public String of(String registration) {
        return own.contains(registration) || takes(registration) ? registration : OTHER;
    }

    /** Whether it has series of its own because it was used in this process. */
    public boolean isOwn(String registration) {
        return own.contains(registration);
    }

    /** How many may have series of their own. */
    public int most() {
        return most;
    }

    private synchronized boolean takes(String registration) {
        if (own.size() < most) {
            own.add(registration);
            return true;
        }
        if (!told) {
            told = true;
            LOG.warnf(
                    "More than %d registrations are in use: the metrics of all further ones are added up as registration"
                            + " \"other\". tokenkeep.metrics.registrations sets how many have their own",
                    most);
        }
        return own.contains(registration);
    }
}
