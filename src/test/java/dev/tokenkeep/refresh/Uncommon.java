package dev.tokenkeep.refresh;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/**
 * What few installations have set: sessions that nobody reads are left alone after an hour, tokens have to be for one audience,
 * and at one server revoking a token ends the whole grant.
 */
public final class Uncommon implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "tokenkeep.refresh.skip-unread-after", "1H",
                "tokenkeep.registrations.test.expected-audience", "https://api.example",
                "tokenkeep.registrations.test.parameters.audience", "https://api.example",
                "tokenkeep.registrations.narrow.revoke-replaced", "false");
    }
}
