package dev.tokenkeep.registration.settings;

import dev.tokenkeep.http.PublicAddresses;
import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RegistrationName;
import dev.tokenkeep.registration.RegistrationRule;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.KnownSettings;
import io.quarkus.arc.All;
import io.smallrye.config.ConfigValidationException;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads registrations that callers add while Tokenkeep runs. They are checked as the configured ones are. In addition,
 * their addresses must be public, and they cannot use files, certificates and proxies of the operator.
 */
@Singleton
public class RegistrationReader {

    private final Presets presets;
    private final ClientKeys keys;
    private final PublicAddresses addresses;
    private final List<RegistrationRule> rules;

    /** What was read: a registration, or what is wrong with its settings by their keys. */
    public record Read(@Nullable ClientRegistration registration, Map<String, String> violations) {

        public Read {
            violations = Map.copyOf(violations);
        }
    }

    RegistrationReader(Presets presets, Clock clock, PublicAddresses addresses, @All List<RegistrationRule> rules) {
        this.presets = presets;
        this.keys = ClientKeys.ofDirectories(clock);
        this.addresses = addresses;
        this.rules = rules;
    }

    /** @param settings by their keys below {@code tokenkeep.registrations.<name>} */
    public Read read(String name, Map<String, String> settings) {
        return Objects.requireNonNull(readAll(Map.of(name, settings)).get(name));
    }

    /** Reads many at once, which is much faster than one by one. */
    public Map<String, Read> readAll(Map<String, Map<String, String>> settings) {
        var all = new HashMap<String, Read>();
        var readable = new HashMap<String, Map<String, String>>();
        settings.forEach((name, own) -> {
            Map<String, String> objections = objections(name, own);
            if (objections.isEmpty()) {
                readable.put(name, own);
            } else {
                all.put(name, new Read(null, objections));
            }
        });
        mapped(readable)
                .forEach((name, registration) ->
                        all.put(name, checked(name, registration, Objects.requireNonNull(readable.get(name)))));
        readable.keySet().forEach(name -> all.putIfAbsent(name, new Read(null, Map.of("settings", "cannot be read"))));
        return all;
    }

    /** Returns those that can be mapped. One that cannot does not keep the others from it. */
    private Map<String, Registration> mapped(Map<String, Map<String, String>> settings) {
        try {
            return new RegistrationMapping(presets).all(settings);
        } catch (ConfigValidationException | IllegalArgumentException e) {
            var each = new HashMap<String, Registration>();
            if (settings.size() > 1) {
                settings.forEach((name, own) -> each.putAll(mapped(Map.of(name, own))));
            }
            return each;
        }
    }

    private static Map<String, String> objections(String name, Map<String, String> settings) {
        if (!RegistrationName.isValid(name)) {
            return Map.of("name", RegistrationName.RULE);
        }
        var objections = new LinkedHashMap<String, String>();
        if (settings.isEmpty()) {
            objections.put("client-id", "is required");
        }
        settings.keySet().forEach(key -> objection(name, key).ifPresent(why -> objections.put(key, why)));
        return objections;
    }

    private static Optional<String> objection(String name, String key) {
        return ForeignSettingsCheck.OPERATORS.contains(key)
                ? Optional.of(ForeignSettingsCheck.BY_OPERATOR)
                : unknown(name, key);
    }

    /** Returns why there is no setting with this key; empty if there is. */
    static Optional<String> unknown(String name, String key) {
        var segments = new ArrayList<>(List.of("tokenkeep", "registrations", name));
        segments.addAll(List.of(key.split("\\.", -1)));
        if (KnownSettings.has(segments) && !segments.contains("")) {
            return Optional.empty();
        }
        String prefix = RegistrationMapping.DOTTED + name + ".";
        return Optional.of("there is no such setting"
                + KnownSettings.nearest(segments)
                        .filter(near -> near.startsWith(prefix))
                        .map(near -> "; the nearest is " + near.substring(prefix.length()))
                        .orElse(""));
    }

    private Read checked(String name, Registration settings, Map<String, String> own) {
        var violations = new ConfigViolations();
        ClientRegistration registration = new RegistrationCheck(
                        name, settings, violations, presets, keys, TokenDestination.of(own))
                .registration();
        new ForeignSettingsCheck(name, presets, violations).check(settings, own);
        if (violations.isEmpty()) {
            rules.forEach(rule -> rule.check(registration, violations));
            addresses(registration)
                    .forEach((key, uri) -> addresses
                            .objection(uri)
                            .ifPresent(why -> violations.add(RegistrationMapping.DOTTED + name + "." + key, why)));
        }
        if (violations.isEmpty()) {
            return new Read(registration, Map.of());
        }
        var byKey = new LinkedHashMap<String, String>();
        String prefix = RegistrationMapping.DOTTED + name + ".";
        violations.byKey().forEach((key, why) -> byKey.put(key.replace(prefix, ""), why));
        return new Read(null, byKey);
    }

    /** Returns the addresses that are not discovered, by their keys. */
    private static Map<String, URI> addresses(ClientRegistration registration) {
        ClientRegistration.Server server = registration.server();
        ClientRegistration.SignIn signIn = registration.signIn();
        var addresses = new LinkedHashMap<String, URI>();
        Stream.of(
                        new Address("issuer", server.issuer()),
                        new Address("token-endpoint", server.tokenEndpoint()),
                        new Address("refresh-endpoint", server.refreshEndpoint()),
                        new Address("revocation-endpoint", server.revocationEndpoint()),
                        new Address("jwks", server.jwks()),
                        new Address("pushed-authorization-request-endpoint", signIn.pushedRequestEndpoint()),
                        new Address("device-authorization-endpoint", signIn.deviceAuthorizationEndpoint()))
                .forEach(address -> {
                    if (address.uri() != null) {
                        addresses.put(address.key(), address.uri());
                    }
                });
        return addresses;
    }

    private record Address(String key, @Nullable URI uri) {}
}
