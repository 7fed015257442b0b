package dev.tokenkeep.registration.settings;

import org.jspecify.annotations.Nullable;

/**
 * A setting of a registration as it counts, without secrets.
 *
 * @param key below {@code tokenkeep.registrations.<name>}
 * @param value null if it is hidden, because it is or may be a secret
 */
public record EffectiveSetting(String key, @Nullable String value, Source source) {

    /** Where a value comes from. */
    public enum Source {
        /** The operator has set it. */
        CONFIGURATION,
        /** A caller has set it, through the API. */
        API,
        /** The preset of its provider. */
        PROVIDER,
        DEFAULT
    }
}
