package dev.tokenkeep.targets;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerIssuers;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A client of a strict server with targets of every kind. */
public final class TargetsResource implements QuarkusTestResourceLifecycleManager {

    /** The client id of a client of the token endpoint that signs its own JWTs, with the key of the issuer {@code rsa}. */
    public static final String STOCK_CLIENT = "stock-client";

    public static final String STOCK_AUDIENCE = "https://tokenkeep.example/oauth2/token";

    private ScriptedAuthorizationServer server;
    private CallerIssuers users;

    @Override
    public Map<String, String> start() {
        server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofMinutes(10));
        var config = new HashMap<>(AuthorizationServerResource.registration("crm", server, "strict"));
        String crm = "tokenkeep.registrations.crm.";
        config.put(crm + "parameters.audience", "https://own.example");
        config.put(crm + "expected-audience", "https://own.example");
        config.put(crm + "targets.graph.resource", "https://graph.example");
        config.put(crm + "targets.graph.scope", "files.read");
        config.put(crm + "targets.mail.audience", "https://mail.example");
        config.put(crm + "targets.sap.scope", "sap.read");
        config.put(crm + "targets.gone.resource", "https://unknown.example");
        config.put(crm + "targets.erp.via", "token_exchange");
        config.put(crm + "targets.erp.audience", "erp");
        config.put(crm + "targets.api.via", "on_behalf_of");
        config.put(crm + "targets.api.scope", "api://1/.default");
        config.put(crm + "targets.nowhere.via", "token_exchange");
        config.put(crm + "targets.nowhere.audience", "unknown");
        config.put(crm + "targets.mail.expected-audience", "https://mail.example");
        config.putAll(AuthorizationServerResource.registration("alone", server, "strict"));
        config.put("tokenkeep.registrations.alone.require-refresh-token", "false");
        config.put("tokenkeep.registrations.alone.targets.erp.via", "token_exchange");
        config.put("tokenkeep.registrations.alone.targets.erp.audience", "erp");
        config.put("tokenkeep.registrations.alone.targets.graph.scope", "files.read");
        config.putAll(AuthorizationServerResource.registration("hasty", server, "strict"));
        config.put("tokenkeep.registrations.hasty.timeout", "1s");
        config.put("tokenkeep.registrations.hasty.max-concurrency", "4");
        config.put("tokenkeep.registrations.hasty.targets.graph.resource", "https://graph.example");
        config.put("tokenkeep.callers.web.subject", "sub-web");
        config.put("tokenkeep.callers.web.permissions", "tokens:read,sessions:read,sessions:write");
        config.put("tokenkeep.callers.web.registrations", "crm,alone,hasty");
        config.put("tokenkeep.callers.reader.subject", "sub-reader");
        config.put("tokenkeep.callers.reader.permissions", "sessions:read");
        users = CallerIssuers.start();
        config.putAll(users.settings());
        config.put("tokenkeep.exchange.subject-issuers.elliptic.registrations", "crm,hasty");
        config.put("tokenkeep.exchange.subject-issuers.edwards.registrations", "alone");
        // A client of the token endpoint that signs its own JWTs.
        config.put("tokenkeep.issuers.stock.issuer", STOCK_CLIENT);
        config.put("tokenkeep.issuers.stock.jwks", CallerIssuers.issuer("rsa") + "/keys");
        config.put("tokenkeep.issuers.stock.audiences", STOCK_AUDIENCE);
        config.put("tokenkeep.callers.stock.issuer", "stock");
        config.put("tokenkeep.callers.stock.subject", STOCK_CLIENT);
        config.put("tokenkeep.callers.stock.permissions", "tokens:read");
        config.put("tokenkeep.callers.stock.sessions-of", "web");
        config.put("tokenkeep.callers.once.subject", "sub-once");
        config.put("tokenkeep.callers.once.permissions", "tokens:read");
        config.put("tokenkeep.callers.once.rate-limit", "1/1h");
        config.put("mp.jwt.verify.publickey", CallerKeys.publicKey());
        config.put("mp.jwt.verify.issuer", CallerKeys.ISSUER);
        config.put("mp.jwt.verify.audiences", CallerKeys.AUDIENCE);
        return config;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, field -> field.getType() == ScriptedAuthorizationServer.class);
    }

    @Override
    public void stop() {
        users.close();
        server.close();
    }
}
