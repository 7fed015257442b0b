package dev.tokenkeep.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Callers of the API under test: {@code all} may do everything, and one a permission; and one for every set of permissions
 * and kind of registrations, to whom {@code granting} has granted its sessions; and one of each of {@link CallerIssuers}.
 */
public final class CallersResource implements QuarkusTestResourceLifecycleManager {

    /** An init argument; "false" for an application that verifies its callers' JWTs itself. */
    public static final String WITH_ISSUERS = "issuers";

    private boolean withIssuers = true;
    private @Nullable CallerIssuers issuers;

    @Override
    public void init(Map<String, String> arguments) {
        withIssuers = Boolean.parseBoolean(arguments.getOrDefault(WITH_ISSUERS, "true"));
    }

    @Override
    public Map<String, String> start() {
        var config = new HashMap<String, String>();
        config.put("mp.jwt.verify.publickey", CallerKeys.publicKey());
        config.put("mp.jwt.verify.issuer", CallerKeys.ISSUER);
        config.put("mp.jwt.verify.audiences", CallerKeys.AUDIENCE);
        config.put("tokenkeep.audit.table", "true");
        config.put("tokenkeep.audit.fail-closed", "true");
        caller(config, "all", "tokens:read,sessions:read,sessions:write,sessions:admin");
        for (String permission : List.of("tokens:read", "sessions:read", "sessions:write", "sessions:admin")) {
            caller(config, permission.replace(':', '-'), permission);
        }
        caller(config, "narrow", "tokens:read,sessions:read,sessions:write,sessions:admin");
        config.put("tokenkeep.callers.narrow.registrations", "other");
        config.put("tokenkeep.callers.narrow.redirect-uris", "https://narrow.example/callback");
        config.put("tokenkeep.callers.narrow.return-uris", "https://narrow.example/signed-in");
        caller(config, "granting", "sessions:write");
        caller(config, "registrations-admin", "registrations:admin");
        caller(config, "fuzzer", "tokens:read,sessions:read,sessions:write,sessions:admin,registrations:admin");
        caller(config, "provisioner", "tokens:read,sessions:read,sessions:write,registrations:admin");
        config.put("tokenkeep.callers.provisioner.registrations", "acme-*,tenants");
        CallerMatrix.callers().forEach(caller -> {
            caller(config, caller.name(), String.join(",", caller.permissions()));
            config.put("tokenkeep.callers." + caller.name() + ".sessions-of", "granting");
            if (caller.registration() != null) {
                config.put("tokenkeep.callers." + caller.name() + ".registrations", caller.registration());
            }
        });
        if (withIssuers) {
            issuers = CallerIssuers.start();
            config.putAll(issuers.settings());
            config.put("tokenkeep.exchange.subject-issuers." + CallerIssuers.HANGING + ".registrations", "test");
        }
        group(config);
        caller(config, "hasty", "sessions:read");
        config.put("tokenkeep.callers.hasty.rate-limit", "3/1h");
        caller(config, "slow", "tokens:read");
        config.put("tokenkeep.callers.slow.sessions-of", "all");
        config.put("tokenkeep.callers.slow.max-concurrency", "1");
        caller(config, "brisk", "tokens:read");
        config.put("tokenkeep.callers.brisk.sessions-of", "all");
        config.put("tokenkeep.callers.brisk.rate-limit", "20/1h");
        return config;
    }

    private static void group(Map<String, String> config) {
        config.put("tokenkeep.callers.by-group.group", "readers");
        config.put("tokenkeep.callers.by-group.permissions", "sessions:read");
        config.put("tokenkeep.callers.by-scope.scope", "sessions.list");
        config.put("tokenkeep.callers.by-scope.permissions", "sessions:read");
    }

    private static void caller(Map<String, String> config, String name, String permissions) {
        config.put("tokenkeep.callers." + name + ".subject", "sub-" + name);
        config.put("tokenkeep.callers." + name + ".permissions", permissions);
    }

    @Override
    public void stop() {
        if (issuers != null) {
            issuers.close();
        }
    }
}
