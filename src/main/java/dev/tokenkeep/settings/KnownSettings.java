package dev.tokenkeep.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All settings that exist; {@code *} stands for a name that the user chooses. A test compares this list with the
 * settings that the code reads.
 */
public final class KnownSettings {

    public static final String ANY = "*";

    private static final List<String> ALL = Stream.of(
                    below("tokenkeep", "service"),
                    below("tokenkeep.api", "enabled", "max-jwt-size"),
                    below("tokenkeep.audit", "table", "fail-closed"),
                    below(
                            "tokenkeep.callers.*",
                            "issuer",
                            "subject",
                            "group",
                            "scope",
                            "permissions",
                            "registrations",
                            "sessions-of",
                            "redirect-uris",
                            "return-uris",
                            "max-concurrency",
                            "rate-limit"),
                    below("tokenkeep.database", "migrate-at-start", "password-file"),
                    below("tokenkeep.demo", "jdbc-url", "directory"),
                    below(
                            "tokenkeep.encryption",
                            "keys",
                            "key-provider",
                            "allow-missing-keys",
                            "every",
                            "reencryption-rate",
                            "transit.address",
                            "transit.mount",
                            "transit.key",
                            "transit.token-file",
                            "transit.namespace",
                            "transit.tls-configuration"),
                    below("tokenkeep.issuers.*", "issuer", "jwks", "audiences", "algorithms"),
                    below("tokenkeep.connect", "base-url"),
                    below("tokenkeep.exchange", "enabled", "issuer", "subject-issuers.*.registrations"),
                    below("tokenkeep.kubernetes", "issuer"),
                    below("tokenkeep.memory", "max-size", "stale-if-unavailable", "jdbc-url"),
                    below("tokenkeep.metrics", "registrations"),
                    below("tokenkeep.outbound", "proxy", "proxy-credentials-file", "no-proxy", "allowed-networks"),
                    below(
                            "tokenkeep.refresh",
                            "enabled",
                            "every",
                            "count-every",
                            "margin",
                            "margin-fraction",
                            "lease",
                            "timeout",
                            "hard-cap",
                            "batch",
                            "keep-alive",
                            "skip-unread-after",
                            "backoff-max",
                            "pause"),
                    below(
                            "tokenkeep.registrations.*",
                            "provider",
                            "variables.*",
                            "session-variables",
                            "former-names",
                            "issuer",
                            "token-endpoint",
                            "refresh-endpoint",
                            "revocation-endpoint",
                            "jwks",
                            "authorization-endpoint",
                            "pushed-authorization-request-endpoint",
                            "pushed-authorization",
                            "device-authorization-endpoint",
                            "verification-uri-complete",
                            "scope",
                            "authorization-parameters.*",
                            "caller-parameters",
                            "client-id",
                            "client-id-parameter",
                            "client-secret",
                            "client-secret-file",
                            "client-authentication",
                            "client-keys",
                            "client-keys-transit",
                            "client-assertion-audience",
                            "client-assertion-algorithm",
                            "client-assertion-type",
                            "basic-credentials",
                            "rotation",
                            "rotation-leeway",
                            "refresh-ends-access-token",
                            "request-format",
                            "scope-separator",
                            "response-member",
                            "errors.*",
                            "parameters.*",
                            "headers.*",
                            "max-concurrency",
                            "rate-limit",
                            "timeout",
                            "hard-cap",
                            "default-expires-in",
                            "refresh-token-lifetime",
                            "refresh-token-inactivity-lifetime",
                            "dpop",
                            "dpop-required",
                            "expected-audience",
                            "targets.*.scope",
                            "targets.*.resource",
                            "targets.*.audience",
                            "targets.*.expected-audience",
                            "targets.*.via",
                            "tls-configuration",
                            "proxy",
                            "proxy-credentials-file",
                            "revoke-replaced",
                            "require-refresh-token",
                            "grants"),
                    below("tokenkeep.providers", "directory"),
                    below("tokenkeep.registration-files", "directory"),
                    below(
                            "tokenkeep.sign-in",
                            "lifetime",
                            "max-pending",
                            "max-pending-of-subject",
                            "redirect-uris",
                            "return-uris"))
            .flatMap(group -> group)
            .toList();

    /** Each setting split once, because thousands of registrations have tens of thousands of settings. */
    private static final List<List<String>> SEGMENTS =
            ALL.stream().map(known -> List.of(known.split("\\."))).toList();

    private KnownSettings() {}

    private static Stream<String> below(String prefix, String... names) {
        return Arrays.stream(names).map(name -> prefix + "." + name);
    }

    public static List<String> all() {
        return ALL;
    }

    /** Returns whether this setting exists. Each segment is one element, also a chosen name with dots. */
    public static boolean has(List<String> segments) {
        return SEGMENTS.stream().anyMatch(known -> isOf(segments, known));
    }

    /**
     * Returns whether a setting matches a known one. A chosen name at the end, such as a header's, may itself contain
     * dots.
     */
    private static boolean isOf(List<String> segments, List<String> known) {
        int last = known.size() - 1;
        boolean named = known.get(last).equals(ANY);
        if (named ? segments.size() <= last : segments.size() != known.size()) {
            return false;
        }
        for (int at = 0; at <= last; at++) {
            if (!known.get(at).equals(ANY) && !known.get(at).equals(segments.get(at))) {
                return false;
            }
        }
        return true;
    }

    /** Returns the most similar setting; empty if none is similar enough. */
    public static Optional<String> nearest(List<String> segments) {
        String told = String.join(".", segments);
        String best = null;
        int least = Math.max(3, told.length() / 6) + 1;
        for (String known : ALL) {
            String named = named(known, segments);
            int distance = Distance.between(told, named);
            if (distance < least) {
                least = distance;
                best = named;
            }
        }
        return Optional.ofNullable(best);
    }

    private static String named(String known, List<String> segments) {
        String[] parts = known.split("\\.");
        for (int at = 0; at < parts.length; at++) {
            if (parts[at].equals(ANY) && at < segments.size()) {
                parts[at] = segments.get(at);
            }
        }
        return String.join(".", parts);
    }
}
