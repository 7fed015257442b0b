package dev.tokenkeep.rest;

import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.ConfigViolations;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/** The configured callers; refuses to start and says everything that is wrong with them. */
@Singleton
@Startup
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class Callers {

    private static final String KEY = "tokenkeep.callers.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final ClientRegistrations known;
    private final Config raw;
    private final ConfigViolations violations = new ConfigViolations();
    private final Map<String, Caller> bySubject = new HashMap<>();

    Callers(CallersConfig config, ClientRegistrations known, Config raw) {
        this.known = known;
        this.raw = raw;
        config.callers().forEach(this::add);
        violations.throwIfAny();
    }

    /** Empty for a subject that is nobody's. */
    Optional<Caller> bySubject(@Nullable String subject) {
        return subject == null ? Optional.empty() : Optional.ofNullable(bySubject.get(subject));
    }

    private void add(String name, CallersConfig.CallerConfig configured) {
        String key = KEY + name;
        violations.addIf(
                !NAME.matcher(name).matches(),
                key,
                "a caller's name has letters, digits, dots, underscores and hyphens, 64 at most");
        var caller = new Caller(name, permissions(key, configured), registrations(key, configured));
        String subject = configured.subject().orElse("");
        if (subject.isBlank()) {
            violations.add(key + ".subject", "is missing: the sub of the caller's JWTs");
        } else if (bySubject.putIfAbsent(subject, caller) != null) {
            violations.add(key + ".subject", "is another caller's subject too");
        }
    }

    private Set<Permission> permissions(String key, CallersConfig.CallerConfig configured) {
        var permissions = EnumSet.noneOf(Permission.class);
        Set<String> names = configured.permissions().orElse(Set.of());
        for (String name : names) {
            Permission permission = Permission.BY_NAME.get(name);
            if (permission == null) {
                violations.add(
                        key + ".permissions",
                        "there is no permission " + name + ", but " + Permission.BY_NAME.keySet());
            } else {
                permissions.add(permission);
            }
        }
        violations.addIf(names.isEmpty(), key + ".permissions", "is missing: of " + Permission.BY_NAME.keySet());
        return permissions;
    }

    private @Nullable Set<String> registrations(String key, CallersConfig.CallerConfig configured) {
        String property = key + ".registrations";
        for (String name : configured.registrations().orElse(Set.of())) {
            violations.addIf(known.find(name).isEmpty(), property, "there is no registration " + name);
        }
        // An empty value reads like a missing one, and would open every registration.
        violations.addIf(
                "".equals(raw.getConfigValue(property).getRawValue()), property, "is empty: leave it out for all");
        return configured.registrations().map(Set::copyOf).orElse(null);
    }
}
