package dev.tokenkeep.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Callers of the API under test: {@code all} may do everything, and one a permission. */
public final class CallersResource implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        var config = new HashMap<String, String>();
        config.put("mp.jwt.verify.publickey", CallerKeys.publicKey());
        config.put("mp.jwt.verify.issuer", CallerKeys.ISSUER);
        config.put("mp.jwt.verify.audiences", CallerKeys.AUDIENCE);
        caller(config, "all", "tokens:read,sessions:read,sessions:write,sessions:admin");
        for (String permission : List.of("tokens:read", "sessions:read", "sessions:write", "sessions:admin")) {
            caller(config, permission.replace(':', '-'), permission);
        }
        caller(config, "narrow", "tokens:read,sessions:read,sessions:write,sessions:admin");
        config.put("tokenkeep.callers.narrow.registrations", "other");
        return config;
    }

    private static void caller(Map<String, String> config, String name, String permissions) {
        config.put("tokenkeep.callers." + name + ".subject", "sub-" + name);
        config.put("tokenkeep.callers." + name + ".permissions", permissions);
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
