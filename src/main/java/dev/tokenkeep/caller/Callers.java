package dev.tokenkeep.caller;

import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.settings.ConfigViolations;
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
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The configured callers. If any setting is invalid, refuses to start and lists each one. */
@Singleton
@Startup(ConfigViolations.CHECKED)
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class Callers {

    private static final Logger LOG = Logger.getLogger(Callers.class);

    private final Set<String> namedIssuers;
    private final Map<Known, Caller> bySubject = new HashMap<>();
    private final Map<Known, Caller> byGroup = new HashMap<>();
    private final Map<Known, Caller> byScope = new HashMap<>();

    /**
     * What identifies a caller.
     *
     * @param issuer one of {@code tokenkeep.issuers}, since two issuers may use the same value for different callers;
     *     null for all other issuers
     */
    private record Known(@Nullable String issuer, String value) {}

    Callers(CallersConfig config, IssuersConfig issuers, ClientRegistrations known, Config raw) {
        var violations = new ConfigViolations();
        Map<String, String> issuersByName = issuers.issuers().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().issuer().orElse("")));
        refuseInAnApplication(!issuersByName.isEmpty(), raw, violations);
        namedIssuers = Set.copyOf(issuersByName.values());
        var registrations = new RegistrationNamesCheck(violations, known, mayAddRegistrations(config));
        var check = new CallerConfigValidator(
                violations, registrations, raw, config.callers().keySet());
        config.callers().forEach((name, configured) -> {
            Caller caller = check.caller(name, configured);
            String key = CallerConfigValidator.KEY + name;
            String issuer = configured.issuer().map(issuersByName::get).orElse(null);
            violations.addIf(
                    configured.issuer().isPresent() && issuer == null,
                    key + ".issuer",
                    "there is no issuer " + configured.issuer().orElse("") + " among tokenkeep.issuers");
            configured.subject().ifPresent(it -> add(bySubject, issuer, it, caller, key + ".subject", violations));
            configured.group().ifPresent(it -> add(byGroup, issuer, it, caller, key + ".group", violations));
            configured.scope().ifPresent(it -> add(byScope, issuer, it, caller, key + ".scope", violations));
        });
        violations.throwIfAny();
    }

    /** What only the service reads must not seem to be in force. */
    private static void refuseInAnApplication(boolean hasIssuers, Config raw, ConfigViolations violations) {
        if (raw.getOptionalValue("tokenkeep.service", Boolean.class).orElse(false)) {
            return;
        }
        violations.addIf(
                hasIssuers, "tokenkeep.issuers", "an application that uses the jar verifies its callers' JWTs itself");
        violations.addIf(
                StreamSupport.stream(raw.getPropertyNames().spliterator(), false)
                        .anyMatch(name -> name.startsWith("tokenkeep.exchange.") && !isDefault(name, raw)),
                "tokenkeep.exchange",
                "an application that uses the jar has no token endpoint");
    }

    /** Defaults come from sources that everything else precedes. */
    private static boolean isDefault(String name, Config raw) {
        return raw.getConfigValue(name).getSourceOrdinal() < 0;
    }

    static boolean mayAddRegistrations(CallersConfig config) {
        return config.callers().values().stream()
                .flatMap(caller -> caller.permissions().stream())
                .anyMatch(permissions -> permissions.contains(Permission.REGISTRATIONS_ADMIN.configured()));
    }

    private static void add(
            Map<Known, Caller> callers,
            @Nullable String issuer,
            String value,
            Caller caller,
            String key,
            ConfigViolations violations) {
        violations.addIf(value.isBlank(), key, "is empty");
        violations.addIf(
                callers.putIfAbsent(new Known(issuer, value), caller) != null,
                key,
                "is already used by another caller");
    }

    Collection<Caller> all() {
        return Stream.of(bySubject, byGroup, byScope)
                .flatMap(callers -> callers.values().stream())
                .collect(Collectors.toSet());
    }

    /**
     * Finds the caller of a JWT: the caller with its subject, or else the one caller with its groups and scopes.
     * Returns empty if no caller matches, if the JWT has no subject, or if several callers match, because a session
     * belongs to one.
     */
    Optional<Caller> find(CallerClaims claims) {
        String subject = claims.subject();
        if (subject == null || subject.isBlank()) {
            return Optional.empty();
        }
        String issuer = claims.issuer() != null && namedIssuers.contains(claims.issuer()) ? claims.issuer() : null;
        return Optional.ofNullable(bySubject.get(new Known(issuer, subject))).or(() -> byMembership(claims, issuer));
    }

    private Optional<Caller> byMembership(CallerClaims claims, @Nullable String issuer) {
        Set<Caller> candidates = new HashSet<>();
        Stream.concat(
                        claims.groups().stream().map(group -> byGroup.get(new Known(issuer, group))),
                        claims.scopes().stream().map(scope -> byScope.get(new Known(issuer, scope))))
                .filter(Objects::nonNull)
                .forEach(candidates::add);
        if (candidates.size() > 1) {
            LOG.debugf(
                    "Refused a JWT that matches several callers: %s",
                    candidates.stream().map(Caller::name).sorted().toList());
            return Optional.empty();
        }
        return candidates.stream().findFirst();
    }
}
