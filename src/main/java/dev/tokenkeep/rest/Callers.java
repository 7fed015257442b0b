package dev.tokenkeep.rest;

import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.ConfigViolations;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** The configured callers; refuses to start and says everything that is wrong with them. */
@Singleton
@Startup
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class Callers {

    private static final Logger LOG = Logger.getLogger(Callers.class);

    private final Map<String, Caller> bySubject = new HashMap<>();
    private final Map<String, Caller> byGroup = new HashMap<>();
    private final Map<String, Caller> byScope = new HashMap<>();

    Callers(CallersConfig config, ClientRegistrations known, Config raw) {
        var violations = new ConfigViolations();
        var check = new CallerCheck(violations, known, raw, config.callers().keySet());
        config.callers().forEach((name, configured) -> {
            Caller caller = check.caller(name, configured);
            String key = CallerCheck.KEY + name;
            configured.subject().ifPresent(it -> add(bySubject, it, caller, key + ".subject", violations));
            configured.group().ifPresent(it -> add(byGroup, it, caller, key + ".group", violations));
            configured.scope().ifPresent(it -> add(byScope, it, caller, key + ".scope", violations));
        });
        violations.throwIfAny();
    }

    private static void add(
            Map<String, Caller> callers, String known, Caller caller, String key, ConfigViolations violations) {
        violations.addIf(known.isBlank(), key, "is empty");
        violations.addIf(callers.putIfAbsent(known, caller) != null, key, "is another caller's too");
    }

    Collection<Caller> all() {
        return Stream.of(bySubject, byGroup, byScope)
                .flatMap(callers -> callers.values().stream())
                .collect(Collectors.toSet());
    }

    /**
     * Whose JWT says this: the caller of its subject, or else the one caller of its groups and scopes. Empty for nobody's,
     * for one without a subject, and for one that could be several callers', since a session belongs to one.
     */
    Optional<Caller> find(CallerClaims claims) {
        String subject = claims.subject();
        if (subject == null || subject.isBlank()) {
            return Optional.empty();
        }
        return Optional.ofNullable(bySubject.get(subject)).or(() -> byMembership(claims));
    }

    private Optional<Caller> byMembership(CallerClaims claims) {
        Set<Caller> candidates = new HashSet<>();
        Stream.concat(
                        claims.groups().stream().map(byGroup::get),
                        claims.scopes().stream().map(byScope::get))
                .filter(Objects::nonNull)
                .forEach(candidates::add);
        if (candidates.size() > 1) {
            LOG.debugf(
                    "A JWT is refused that could be several callers': %s",
                    candidates.stream().map(Caller::name).sorted().toList());
            return Optional.empty();
        }
        return candidates.stream().findFirst();
    }
}
