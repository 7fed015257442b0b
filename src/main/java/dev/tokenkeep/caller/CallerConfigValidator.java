package dev.tokenkeep.caller;

import dev.tokenkeep.session.RegistrationNames;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.RedirectUris;
import dev.tokenkeep.settings.ValueCheck;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/** Creates a caller from its configuration and collects the invalid settings. */
final class CallerConfigValidator {

    static final String KEY = "tokenkeep.callers.";
    private static final int MAX_CONCURRENCY = 100_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final ConfigViolations violations;
    private final RegistrationNamesCheck registrations;
    private final Config raw;
    private final Set<String> names;

    /** @param names the names of all callers */
    CallerConfigValidator(
            ConfigViolations violations, RegistrationNamesCheck registrations, Config raw, Set<String> names) {
        this.violations = violations;
        this.registrations = registrations;
        this.raw = raw;
        this.names = names;
    }

    Caller caller(String name, CallersConfig.CallerConfig configured) {
        String key = KEY + name;
        violations.addIf(
                !NAME.matcher(name).matches(),
                key,
                "a caller's name may have up to 64 letters, digits, dots, underscores and hyphens");
        violations.addIf(
                Stream.of(configured.subject(), configured.group(), configured.scope())
                                .filter(Optional::isPresent)
                                .count()
                        != 1,
                key,
                "needs one of subject, group and scope: the sub claim of its JWTs, or a group or scope in them");
        var values = new ValueCheck(key + ".", violations);
        return new Caller(
                name,
                permissions(key, configured),
                registrations(key, configured),
                owners(name, key, configured),
                values.number("max-concurrency", configured.maxConcurrency(), MAX_CONCURRENCY),
                values.rateLimit("rate-limit", configured.rateLimit()),
                redirectUris(key, "redirect-uris", configured.redirectUris(), configured),
                redirectUris(key, "return-uris", configured.returnUris(), configured));
    }

    private Set<Permission> permissions(String key, CallersConfig.CallerConfig configured) {
        var permissions = EnumSet.noneOf(Permission.class);
        Set<String> given = configured.permissions().orElse(Set.of());
        for (String name : given) {
            Permission permission = Permission.BY_NAME.get(name);
            if (permission == null) {
                violations.add(
                        key + ".permissions",
                        "there is no permission " + name + "; use one of " + Permission.BY_NAME.keySet());
            } else {
                permissions.add(permission);
            }
        }
        violations.addIf(
                given.isEmpty(), key + ".permissions", "is missing: use some of " + Permission.BY_NAME.keySet());
        return permissions;
    }

    private @Nullable RegistrationNames registrations(String key, CallersConfig.CallerConfig configured) {
        String property = key + ".registrations";
        // An empty value is read as a missing one, which would allow all registrations.
        violations.addIf(
                "".equals(raw.getConfigValue(property).getRawValue()),
                property,
                "is empty: remove it to allow all registrations");
        return configured
                .registrations()
                .map(written -> registrations.names(property, written))
                .orElse(null);
    }

    private RedirectUris redirectUris(
            String key, String setting, Optional<Set<String>> uris, CallersConfig.CallerConfig configured) {
        violations.addIf(
                uris.isPresent() && configured.registrations().isEmpty(),
                key + "." + setting,
                "needs registrations: sign-ins begin only with registrations that are named for the caller");
        return RedirectUris.of(key + "." + setting, uris, violations);
    }

    private Set<String> owners(String name, String key, CallersConfig.CallerConfig configured) {
        var owners = new HashSet<String>(configured.sessionsOf().orElse(Set.of()));
        for (String owner : owners) {
            violations.addIf(!names.contains(owner), key + ".sessions-of", "there is no caller " + owner);
        }
        owners.add(name);
        return Set.copyOf(owners);
    }
}
