package dev.tokenkeep.registration.added;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.added.StoredRegistration.State;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A client that Tokenkeep has registered. No caller knows its secret, so settings without a client keep it, as long as they
 * send the secret to the same addresses.
 *
 * @param stored all settings with which it was stored
 */
record RegisteredClient(Map<String, String> stored) {

    static final String ID = "client-id";
    private static final String SECRET = "client-secret";
    private static final Set<String> CLIENT = Set.of(ID, SECRET, "client-authentication");
    private static final Set<String> ADDRESSES = Set.of(
            "provider",
            "issuer",
            "token-endpoint",
            "refresh-endpoint",
            "revocation-endpoint",
            "pushed-authorization-request-endpoint",
            "device-authorization-endpoint");
    private static final String VARIABLE = "variables.";

    /** Returns the client of this registration; empty if Tokenkeep has not registered it, or its key is missing. */
    static Optional<RegisteredClient> of(StoredRegistration registration) {
        Secret settings = registration.settings();
        return registration.is(State.ACTIVE) && settings != null && SettingsJson.isRegistered(settings)
                ? Optional.of(new RegisteredClient(SettingsJson.read(settings)))
                : Optional.empty();
    }

    /** Returns whether these settings leave the client as it is. */
    static boolean isKeptBy(Map<String, String> settings) {
        return !settings.containsKey(ID) && !settings.containsKey(SECRET);
    }

    boolean isSentToThoseOf(Map<String, String> settings) {
        return addresses(stored).equals(addresses(settings));
    }

    private static Map<String, String> addresses(Map<String, String> settings) {
        var addresses = new TreeMap<String, String>();
        settings.forEach((key, value) -> {
            if (ADDRESSES.contains(key) || key.startsWith(VARIABLE)) {
                addresses.put(key, value.strip());
            }
        });
        return addresses;
    }

    /** Returns these settings with the client. How it authenticates was agreed when it was registered. */
    Map<String, String> addedTo(Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.keySet().removeAll(CLIENT);
        stored.forEach((key, value) -> {
            if (CLIENT.contains(key)) {
                all.put(key, value);
            }
        });
        return all;
    }

    @Override
    public String toString() {
        return "[registered client]";
    }
}
