package dev.tokenkeep.signin;

import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Checks the settings of sign-ins at startup. */
@Singleton
@Startup(ConfigViolations.CHECKED)
final class SignInConfigCheck {

    private static final Duration MAX_LIFETIME = Duration.ofHours(1);
    private static final int MAX_PENDING = 1_000_000;

    SignInConfigCheck(SignInConfig config) {
        var violations = new ConfigViolations();
        Duration lifetime = config.lifetime();
        violations.addIf(
                lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0,
                "tokenkeep.sign-in.lifetime",
                "must be a time from 1s to 1h");
        number("max-pending", config.maxPending(), violations);
        number("max-pending-of-subject", config.maxPendingOfSubject(), violations);
        violations.throwIfAny();
    }

    private static void number(String key, int value, ConfigViolations violations) {
        violations.addIf(
                value < 1 || value > MAX_PENDING,
                "tokenkeep.sign-in." + key,
                "must be a number from 1 to " + MAX_PENDING);
    }
}
