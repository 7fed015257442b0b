package com.example.shop;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(ShopEnvironment.class)
@TestProfile(JobOffTest.Off.class)
class JobOffTest {

    public static class Off implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tokenkeep.refresh.enabled", "false");
        }
    }

    @Inject
    Purchases purchases;

    @Test
    void nothingIsRefreshedButOnDemand() {
        int before = ShopEnvironment.REFRESHES.get();
        String id = purchases.signedIn("alice", ShopEnvironment.tokens(3001));
        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(6))
                .until(() -> ShopEnvironment.REFRESHES.get() == before);
        assertEquals(2, purchases.buy(id, "book").version());
        assertEquals(before + 1, ShopEnvironment.REFRESHES.get());
    }
}
