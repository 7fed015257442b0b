package dev.tokenkeep.caller;

import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.RegistrationNames;
import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The issuers whose JWTs may say whose token is wanted. Each vouches for the sessions of its own registrations alone, and
 * a registration has one such issuer: two issuers may give the same {@code sub} to different users. If any setting is
 * invalid, refuses to start and lists each one.
 */
@Singleton
@Startup(ConfigViolations.CHECKED)
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class SubjectIssuers {

    private static final String KEY = "tokenkeep.exchange.subject-issuers.";

    private final Map<String, SubjectIssuer> byIssuer = new HashMap<>();

    /**
     * An issuer of users' JWTs.
     *
     * @param name as it is configured
     * @param registrations whose sessions have its users as their subjects
     */
    record SubjectIssuer(String name, RegistrationNames registrations) {}

    SubjectIssuers(
            ExchangeConfig config, IssuersConfig issuers, CallersConfig callers, ClientRegistrations registrations) {
        var violations = new ConfigViolations();
        var names = new RegistrationNamesCheck(violations, registrations, Callers.mayAddRegistrations(callers));
        Map<String, String> issuerOfRegistration = new LinkedHashMap<>();
        config.subjectIssuers().forEach((name, configured) -> {
            var issuer = issuers.issuers().get(name);
            violations.addIf(issuer == null, KEY + name, "there is no issuer " + name + " among tokenkeep.issuers");
            Set<String> told = configured.registrations().orElse(Set.of());
            String property = KEY + name + ".registrations";
            violations.addIf(
                    told.isEmpty(), property, "is missing: name the registrations whose subjects are users of it");
            RegistrationNames registrationsOfUsers = names.names(property, told);
            names.withFormer(told)
                    .forEach(one -> refuseTwoIssuers(property, one, name, issuerOfRegistration, violations));
            if (issuer != null) {
                issuer.issuer().ifPresent(iss -> byIssuer.put(iss, new SubjectIssuer(name, registrationsOfUsers)));
            }
        });
        violations.throwIfAny();
    }

    /** Also where only some of the registrations that begin so are meant by both. */
    private static void refuseTwoIssuers(
            String property,
            String registration,
            String name,
            Map<String, String> issuerOfRegistration,
            ConfigViolations violations) {
        issuerOfRegistration.forEach((other, issuer) -> violations.addIf(
                !issuer.equals(name) && overlap(registration, other),
                property,
                "'" + registration + "': the users of a registration are of one issuer, and " + issuer + " has "
                        + other));
        issuerOfRegistration.put(registration, name);
    }

    private static boolean overlap(String one, String other) {
        return RegistrationNames.of(Set.of(one)).has(beginning(other))
                || RegistrationNames.of(Set.of(other)).has(beginning(one));
    }

    private static String beginning(String name) {
        return name.endsWith(RegistrationNames.ANY_END) ? name.substring(0, name.length() - 1) : name;
    }

    /** Returns null if its JWTs may not say whose token is wanted. */
    @Nullable
    SubjectIssuer find(@Nullable String issuer) {
        return issuer == null ? null : byIssuer.get(issuer);
    }
}
