package dev.tokenkeep.registration.added;

import java.util.Map;
import java.util.TreeMap;

/** What became of a registration that a caller wanted to add, change or remove. */
public sealed interface RegistrationChange {

    /** @param added whether there was none of this name before */
    record Put(boolean added) implements RegistrationChange {}

    record Removed() implements RegistrationChange {}

    /** There is none. */
    record NotFound() implements RegistrationChange {}

    /** @param violations what is wrong, by the keys of the settings */
    record Invalid(Map<String, String> violations) implements RegistrationChange {
        public Invalid(Map<String, String> violations) {
            this.violations = new TreeMap<>(violations);
        }
    }

    /** The operator has configured one of this name, and only he can change it. */
    record Configured() implements RegistrationChange {}

    /** Its sessions have refresh tokens of another client, or of another authorization server. */
    record InUse() implements RegistrationChange {}

    /** It has a client already, so no other one is registered. */
    record HasClient() implements RegistrationChange {}

    /** Its sessions need the client's secret, which nobody else knows. */
    record OnlyHere() implements RegistrationChange {}

    /** The encryption key of its settings is missing, which it takes to revoke refresh tokens. */
    record KeyMissing() implements RegistrationChange {}

    /** One of this name is being removed with its sessions. */
    record Ending() implements RegistrationChange {}
}
