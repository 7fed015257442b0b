package dev.tokenkeep.registration;

import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;

/** Checks that each former name leads to one registration: the sessions of that name are about to become its own. */
@Singleton
@Startup(ConfigViolations.CHECKED)
class FormerNamesCheck implements RegistrationRule {

    private final ClientRegistrations registrations;

    FormerNamesCheck(ClientRegistrations registrations) {
        this.registrations = registrations;
        var violations = new ConfigViolations();
        registrations.ofTheOperator().forEach(registration -> check(registration, violations));
        violations.throwIfAny();
    }

    @Override
    public void check(ClientRegistration registration, ConfigViolations violations) {
        String key = "tokenkeep.registrations." + registration.name() + ".former-names";
        for (String name : registration.server().origin().formerNames()) {
            violations.addIf(!RegistrationName.isValid(name), key, RegistrationName.RULE);
            violations.addIf(
                    name.equals(registration.name())
                            || registrations.ofTheOperator().stream()
                                    .anyMatch(other -> other.name().equals(name)),
                    key,
                    "names " + name + ", which is configured itself");
            registrations.ofTheOperator().stream()
                    .filter(other -> !other.name().equals(registration.name()))
                    .filter(other -> other.server().origin().formerNames().contains(name))
                    .forEach(other ->
                            violations.add(key, "names " + name + ", as registration " + other.name() + " does"));
            violations.addIf(
                    registrations.template(registration.name()).isPresent(),
                    key,
                    "cannot be set with session-variables");
        }
    }
}
