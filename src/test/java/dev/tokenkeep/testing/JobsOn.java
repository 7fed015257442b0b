package dev.tokenkeep.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** All jobs run by themselves, two registrations have rate limits, and no machine is too slow for the times. */
public final class JobsOn implements QuarkusTestProfile {

    /** The budget of {@code keyed}. */
    public static final int HERD_PER_SECOND = Integer.getInteger("tokenkeep.herd.per-second", 60);

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "tokenkeep.refresh.every", "1s",
                "tokenkeep.refresh.count-every", "1s",
                "tokenkeep.refresh.lease", "40s",
                "tokenkeep.refresh.hard-cap", "30s",
                "tokenkeep.refresh.timeout", "30s",
                "tokenkeep.encryption.every", "1s",
                "tokenkeep.registrations.other.rate-limit", "1000/1s",
                "tokenkeep.registrations.keyed.rate-limit", HERD_PER_SECOND + "/1s");
    }
}
