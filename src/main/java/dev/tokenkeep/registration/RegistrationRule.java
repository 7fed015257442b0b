package dev.tokenkeep.registration;

import dev.tokenkeep.settings.ConfigViolations;

/** A rule for registrations that depends on other settings. It applies at the start, and to those that are added later. */
public interface RegistrationRule {

    /** Adds a violation, with the key of the setting, for each thing that is wrong. */
    void check(ClientRegistration registration, ConfigViolations violations);
}
