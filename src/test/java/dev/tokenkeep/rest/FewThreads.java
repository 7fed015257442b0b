package dev.tokenkeep.rest;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Few threads, times that no slow machine exceeds, and access tokens in memory. */
public final class FewThreads implements QuarkusTestProfile {

    public static final int WORKERS = 20;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.thread-pool.max-threads", String.valueOf(WORKERS),
                "tokenkeep.memory.max-size", "1M",
                "tokenkeep.refresh.lease", "90s",
                "tokenkeep.refresh.hard-cap", "40s",
                "tokenkeep.refresh.timeout", "40s");
    }
}
