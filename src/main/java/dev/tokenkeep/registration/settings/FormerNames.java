package dev.tokenkeep.registration.settings;

import dev.tokenkeep.registration.RegistrationName;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The names that configured registrations had before. Each is another name of its registration, with the same settings, so
 * that sessions of that name go on under it.
 */
final class FormerNames {

    private FormerNames() {}

    /** Returns the present names by the former ones. Notes each former name that leads to more than one registration. */
    static Map<String, String> check(Map<String, Registration> settings, ConfigViolations violations) {
        var presentByFormer = new TreeMap<String, String>();
        settings.forEach((present, registration) -> {
            String key = RegistrationMapping.DOTTED + present + ".former-names";
            for (String former : registration.formerNames().orElse(Set.of())) {
                violations.addIf(!RegistrationName.isValid(former), key, former + ": " + RegistrationName.RULE);
                violations.addIf(settings.containsKey(former), key, former + " is the name of a registration");
                String other = presentByFormer.putIfAbsent(former, present);
                violations.addIf(other != null, key, former + " is a former name of " + other + " too");
            }
        });
        return presentByFormer;
    }
}
