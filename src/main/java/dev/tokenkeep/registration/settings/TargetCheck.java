package dev.tokenkeep.registration.settings;

import dev.tokenkeep.oauth.Scopes;
import dev.tokenkeep.registration.RotationPolicy;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.registration.Target.Via;
import dev.tokenkeep.settings.ConfigViolations;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the targets of a registration (CONFORMANCE G14). */
record TargetCheck(String prefix, ConfigViolations violations) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1," + Target.MAX_NAME_LENGTH + "}");
    /** Each may have a stored token for every session (CONFORMANCE K20). */
    private static final int MAX_TARGETS = 50;

    Map<String, Target> targets(Map<String, RegistrationsConfig.Target> configured, RotationPolicy rotation) {
        violations.addIf(
                configured.size() > MAX_TARGETS,
                prefix + "targets",
                "are " + configured.size() + ", but at most " + MAX_TARGETS);
        var targets = new TreeMap<String, Target>();
        configured.forEach((name, target) -> targets.put(name, target(name, target)));
        if (rotation.endsAccessTokens()) {
            targets.values().forEach(this::refuseRefresh);
        }
        return Map.copyOf(targets);
    }

    private void refuseRefresh(Target target) {
        violations.addIf(
                target.via() == Via.REFRESH,
                prefix + "targets." + target.name() + ".via",
                "must not be refresh with refresh-ends-access-token=true: it would end the session's own access token");
    }

    private Target target(String name, RegistrationsConfig.Target target) {
        String key = prefix + "targets." + name;
        violations.addIf(
                !NAME.matcher(name).matches(), key, "a name has 1 to 64 letters, digits, underscores and hyphens");
        violations.addIf(
                target.scope().isEmpty()
                        && target.resource().isEmpty()
                        && target.audience().isEmpty(),
                key,
                "needs a scope, a resource or an audience");
        target.scope()
                .ifPresent(scope -> violations.addIf(
                        !Scopes.isValid(scope), key + ".scope", "must be names separated by single spaces"));
        target.audience()
                .ifPresent(audience -> violations.addIf(
                        audience.isBlank() || audience.chars().anyMatch(Character::isISOControl),
                        key + ".audience",
                        "is blank or contains a control character"));
        Optional<Via> via = Via.of(target.via());
        violations.addIf(
                via.isEmpty(), key + ".via", "'" + target.via() + "' is not supported; use one of " + Via.names());
        return new Target(
                name,
                via.orElse(Via.REFRESH),
                target.scope().orElse(null),
                resource(key + ".resource", target.resource()),
                target.audience().orElse(null),
                target.expectedAudience().orElse(null));
    }

    /** RFC 8707 §2. Nothing is sent to it. */
    private @Nullable URI resource(String key, Optional<String> configured) {
        if (configured.isEmpty()) {
            return null;
        }
        try {
            var uri = new URI(configured.get());
            violations.addIf(
                    !uri.isAbsolute() || uri.getRawFragment() != null,
                    key,
                    "must be an absolute URI without a fragment");
            return uri;
        } catch (URISyntaxException e) {
            violations.add(key, "is not a URI");
            return null;
        }
    }
}
