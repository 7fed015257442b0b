package dev.tokenkeep.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** The service without its API, and requests that are given up soon. */
public final class WithoutApi implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "tokenkeep.api.enabled", "false",
                "tokenkeep.refresh.timeout", "500MS",
                "tokenkeep.refresh.hard-cap", "PT1S",
                "tokenkeep.refresh.lease", "PT3S");
    }
}
