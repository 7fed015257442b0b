package dev.tokenkeep.refresh;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.time.Duration;
import java.util.Map;

/** A token response may take ten leases, and there are few connections to the database. The token endpoint is off. */
public final class ShortLeases implements QuarkusTestProfile {

    static final Duration LEASE = Duration.ofSeconds(2);
    static final int CONNECTIONS = 5;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "tokenkeep.refresh.lease", LEASE.toString(),
                "tokenkeep.refresh.hard-cap", "20S",
                "tokenkeep.refresh.timeout", "500MS",
                "tokenkeep.exchange.enabled", "false",
                "quarkus.datasource.tokenkeep.jdbc.max-size", String.valueOf(CONNECTIONS),
                "quarkus.datasource.tokenkeep.jdbc.acquisition-timeout", "300MS");
    }
}
