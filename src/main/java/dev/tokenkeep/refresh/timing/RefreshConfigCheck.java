package dev.tokenkeep.refresh.timing;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationRule;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.ValueCheck;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Checks the refresh settings. If times are invalid or contradict each other, Tokenkeep refuses to start and lists them
 * all.
 */
@Singleton
class RefreshConfigCheck implements RegistrationRule {

    private static final Duration MIN_LEASE = Duration.ofSeconds(2);
    /** The scheduler counts in seconds. */
    private static final Duration MIN_PERIOD = Duration.ofSeconds(1);

    private static final Duration MAX_PERIOD = Duration.ofHours(1);
    /**
     * Nothing waits longer for an authorization server, and a pod that shuts down waits as long. Replaced HTTP clients
     * are kept for longer.
     */
    private static final Duration MAX_HARD_CAP = Duration.ofMinutes(30);

    private static final String TOO_LONG = "must be at most " + MAX_HARD_CAP.toMinutes() + " minutes";
    private static final String PREFIX = "tokenkeep.refresh.";

    private final RefreshConfig config;
    private final ClientRegistrations registrations;
    private final RefreshTimeouts timeouts;

    RefreshConfigCheck(RefreshConfig config, ClientRegistrations registrations, RefreshTimeouts timeouts) {
        this.config = config;
        this.registrations = registrations;
        this.timeouts = timeouts;
    }

    void check(@Observes @Priority(ConfigViolations.CHECKED) StartupEvent event) {
        violations().throwIfAny();
    }

    ConfigViolations violations() {
        var violations = new ConfigViolations();
        var values = new ValueCheck(PREFIX, violations);
        values.period("every", config.every(), MIN_PERIOD, MAX_PERIOD);
        values.period("count-every", config.countEvery(), MIN_PERIOD, MAX_PERIOD);
        positive("margin", config.margin(), violations);
        positive("lease", config.lease(), violations);
        positive("timeout", config.timeout(), violations);
        positive("hard-cap", config.hardCap(), violations);
        violations.addIf(config.hardCap().compareTo(MAX_HARD_CAP) > 0, PREFIX + "hard-cap", TOO_LONG);
        positive("backoff-max", config.backoffMax(), violations);
        positive("pause", config.pause(), violations);
        config.skipUnreadAfter().ifPresent(time -> positive("skip-unread-after", time, violations));
        double fraction = config.marginFraction();
        violations.addIf(
                !(fraction > 0 && fraction <= 0.8), PREFIX + "margin-fraction", "must be more than 0 and at most 0.8");
        violations.addIf(config.batch() < 1, PREFIX + "batch", "must be at least 1");
        violations.addIf(
                config.lease().compareTo(MIN_LEASE) < 0,
                PREFIX + "lease",
                "must be at least " + MIN_LEASE.toSeconds() + " s, so that a replica can renew it in time");
        violations.addIf(
                config.timeout().compareTo(config.hardCap()) > 0,
                PREFIX + "timeout",
                "must not be longer than hard-cap");
        registrations.ofTheOperator().forEach(registration -> check(registration, violations));
        return violations;
    }

    @Override
    public void check(ClientRegistration registration, ConfigViolations violations) {
        Duration timeout = registration.limits().timeout();
        String key = "tokenkeep.registrations." + registration.name();
        violations.addIf(
                timeout != null && timeout.compareTo(timeouts.hardCap(registration)) > 0,
                key + ".timeout",
                "must not be longer than the registration's hard-cap");
        violations.addIf(
                registration.limits().hardCap() != null
                        && registration.limits().hardCap().compareTo(MAX_HARD_CAP) > 0,
                key + ".hard-cap",
                TOO_LONG);
        // A process that shuts down waits as long. Only the operator may have it wait longer.
        violations.addIf(
                registration.server().origin().isOfTheApi()
                        && registration.limits().hardCap() != null
                        && registration.limits().hardCap().compareTo(config.hardCap()) > 0,
                key + ".hard-cap",
                "must not be longer than the operator's (tokenkeep.refresh.hard-cap)");
    }

    private static void positive(String key, Duration time, ConfigViolations violations) {
        violations.addIf(time.isNegative() || time.isZero(), PREFIX + key, "must be more than 0");
    }
}
