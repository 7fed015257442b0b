package dev.tokenkeep.signin;

import dev.tokenkeep.testing.AssertionVerifier;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Clients whose access tokens are bound to keys: {@code secret}, which authenticates; {@code mobile}, which does not; {@code
 * signing}, whose JWTs are good once; {@code offered}, which takes a bearer token too. The client {@code plain} has no keys.
 * The others are each for a server that refuses something.
 */
public final class DpopResource implements QuarkusTestResourceLifecycleManager {

    static final String REGISTRATIONS = "secret,mobile,signing,offered,plain,nonces,endless,refused,downgraded";
    private static final String SECRET = "a secret of at least thirty-two characters";

    private final Map<String, String> config = new HashMap<>();
    private ScriptedAuthorizationServer server;
    private AssertionVerifier assertions;

    @Override
    public Map<String, String> start() {
        server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(60));
        server.metadata("""
                ,"authorization_endpoint":"%s","device_authorization_endpoint":"%s","pushed_authorization_request_endpoint":"%s\"""".formatted(
                        server.authorizationEndpoint(),
                        server.deviceAuthorizationEndpoint(),
                        server.pushedAuthorizationEndpoint()));
        for (String name : REGISTRATIONS.split(",")) {
            String prefix = "tokenkeep.registrations." + name + ".";
            config.putAll(AuthorizationServerResource.registration(name, server, "strict"));
            config.put(prefix + "issuer", server.issuer().toString());
            config.put(prefix + "dpop", String.valueOf(!name.equals("plain")));
            config.put(prefix + "grants", "urn:ietf:params:oauth:grant-type:token-exchange");
        }
        config.put("tokenkeep.registrations.secret.require-refresh-token", "false");
        config.put(
                "tokenkeep.registrations.secret.grants",
                "client_credentials,urn:ietf:params:oauth:grant-type:token-exchange");
        config.put("tokenkeep.registrations.secret.targets.billing.resource", "https://billing.example");
        config.put("tokenkeep.registrations.offered.dpop-required", "false");
        config.put("tokenkeep.registrations.mobile.client-authentication", "none");
        config.put("tokenkeep.registrations.mobile.client-id", "mobile");
        config.put("tokenkeep.registrations.mobile.client-secret", "");
        config.put("tokenkeep.registrations.secret.pushed-authorization", "true");
        server.publicClient("mobile");
        config.put("tokenkeep.registrations.signing.client-authentication", "client_secret_jwt");
        config.put("tokenkeep.registrations.signing.client-id", "signing");
        config.put("tokenkeep.registrations.signing.client-secret", SECRET);
        assertions = AssertionVerifier.ofSecret("signing", server.issuer().toString(), SECRET);
        server.signingClient("signing", assertions);
        config.put("tokenkeep.callers.web.subject", "sub-web");
        config.put("tokenkeep.callers.web.permissions", "tokens:read,sessions:read,sessions:write");
        config.put("tokenkeep.callers.web.registrations", REGISTRATIONS);
        config.put("tokenkeep.callers.web.redirect-uris", SignInResource.REDIRECT_URI);
        config.put("tokenkeep.callers.rival.subject", "sub-rival");
        config.put("tokenkeep.callers.rival.permissions", "tokens:read");
        config.put("mp.jwt.verify.publickey", CallerKeys.publicKey());
        config.put("mp.jwt.verify.issuer", CallerKeys.ISSUER);
        config.put("mp.jwt.verify.audiences", CallerKeys.AUDIENCE);
        return config;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, field -> field.getType() == ScriptedAuthorizationServer.class);
        injector.injectIntoFields(assertions, field -> field.getType() == AssertionVerifier.class);
    }

    @Override
    public void stop() {
        server.close();
    }
}
