package dev.tokenkeep.registration;

import dev.tokenkeep.registration.ClientRegistration.Assertion;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Warns if registrations at several servers share a key pair, and one of them signs JWTs for another audience than its
 * issuer: a server that gets such a JWT could use it at the others (CONFORMANCE G19).
 */
public final class SharedKeysCheck {

    private static final Logger LOG = Logger.getLogger(SharedKeysCheck.class);

    private SharedKeysCheck() {}

    public static void warn(Collection<ClientRegistration> registrations) {
        var byKey = new TreeMap<String, List<ClientRegistration>>();
        for (ClientRegistration registration : registrations) {
            Assertion assertion = registration.client().assertion();
            if (assertion != null && assertion.keys() != null) {
                byKey.computeIfAbsent(assertion.keys().thumbprint(), key -> new ArrayList<>())
                        .add(registration);
            }
        }
        byKey.values().forEach(SharedKeysCheck::warnOfSame);
    }

    private static void warnOfSame(List<ClientRegistration> sameKey) {
        List<String> others = sameKey.stream()
                .filter(SharedKeysCheck::hasOtherAudience)
                .map(ClientRegistration::name)
                .sorted()
                .toList();
        long servers = sameKey.stream()
                .map(registration -> registration.server().address().getRawAuthority())
                .distinct()
                .count();
        if (servers > 1 && !others.isEmpty()) {
            LOG.warnf(
                    "The registrations %s sign with the same key, and %s for an audience that is not the issuer. A server"
                            + " could use such a JWT at the others. Use a key of its own there (client-keys)",
                    sameKey.stream().map(ClientRegistration::name).sorted().toList(), others);
        }
    }

    private static boolean hasOtherAudience(ClientRegistration registration) {
        Assertion assertion = registration.client().assertion();
        URI issuer = registration.server().issuer();
        return assertion != null && (issuer == null || !issuer.toString().equals(assertion.audience()));
    }
}
