package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Names registrations in the metrics of this process. The registrations that are used first get their own series, up to
 * a limit. All others share one set of series, so that metrics do not grow with the number of registrations.
 * Thread-safe.
 */
@Singleton
@Startup
public class RegistrationTags {

    /** The common name of all registrations without their own series. No registration can have it as its name. */
    public static final String OTHER = "(other)";

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

    /** Returns the registration's name in metrics, the same in every metric. */
    public String of(String name) {
        // The customers of a template have one series together.
        String registration = RegistrationTemplate.base(name);
        return own.contains(registration) || takes(registration) ? registration : OTHER;
    }

    /** Returns whether the registration has its own series because it was used in this process. */
    public boolean isOwn(String registration) {
        return own.contains(RegistrationTemplate.base(registration));
    }

    /** Returns how many registrations may have their own series. */
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
                    "More than %d registrations are in use. The metrics of all others are added up as registration"
                            + " \"(other)\". tokenkeep.metrics.registrations sets how many have their own metrics",
                    most);
        }
        return own.contains(registration);
    }
}
