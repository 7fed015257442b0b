package dev.tokenkeep.rest;

import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.ConfigViolations;
import dev.tokenkeep.rest.CallersConfig.CallerConfig;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The configured callers, by the subject of their JWTs; checked at start-up. */
@Singleton
@Startup
class Callers {

    static final Set<String> PERMISSIONS = Set.of("tokens:read", "sessions:read", "sessions:write", "sessions:admin");

    private final Map<String, Caller> bySubject = new HashMap<>();

    Callers(CallersConfig config, ClientRegistrations registrations) {
        var violations = new ConfigViolations();
        config.callers().forEach((name, caller) -> add(name, caller, registrations, violations));
        violations.throwIfAny();
    }

    private void add(String name, CallerConfig config, ClientRegistrations registrations, ConfigViolations violations) {
        String prefix = "tokenkeep.callers." + name + ".";
        String subject = config.subject().orElse("");
        violations.addIf(subject.isBlank(), prefix + "subject", "is required: the sub of the caller's JWTs");
        Set<String> permissions = config.permissions().orElse(Set.of());
        violations.addIf(permissions.isEmpty(), prefix + "permissions", "is required, some of " + PERMISSIONS);
        permissions.stream()
                .filter(permission -> !PERMISSIONS.contains(permission))
                .forEach(permission -> violations.add(
                        prefix + "permissions", "'" + permission + "' is not known; some of " + PERMISSIONS));
        Set<String> allowed = config.registrations().orElse(null);
        if (allowed != null) {
            allowed.stream()
                    .filter(registration -> registrations.find(registration).isEmpty())
                    .forEach(registration -> violations.add(
                            prefix + "registrations", "there is no registration '" + registration + "'"));
        }
        Caller other = bySubject.put(subject, new Caller(name, permissions, allowed));
        violations.addIf(
                other != null, prefix + "subject", "is the subject of another caller too: a JWT must tell who calls");
    }

    Optional<Caller> of(String subject) {
        return Optional.ofNullable(bySubject.get(subject));
    }
}
