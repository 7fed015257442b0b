package dev.tokenkeep.signin;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Two authorization servers. At the first: {@code openid}, whose metadata promises {@code iss}; {@code pushed}, which
 * pushes its requests; {@code plain}, which has no issuer. At the second: {@code second}. The callers {@code web} and
 * {@code rival} may use all of them by name, {@code anywhere} is not named for any.
 */
public final class SignInResource implements QuarkusTestResourceLifecycleManager {

    static final String REDIRECT_URI = "https://web.example/callback?from=as";
    static final String BASE = "https://tokenkeep.example";
    static final String RETURN_URI = "https://web.example/signed-in";
    static final String OTHER_REDIRECT_URI = "https://web.example/other";
    static final String LOOPBACK_REDIRECT_URI = "http://127.0.0.1/callback";

    private ScriptedAuthorizationServer first;
    private ScriptedAuthorizationServer second;

    /** Marks the field of the second server. */
    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
    @interface Second {}

    @Override
    public Map<String, String> start() {
        first = server();
        second = server();
        var config = new HashMap<String, String>();
        openid(config, "openid", first);
        config.put("tokenkeep.registrations.openid.authorization-parameters.audience", "https://api.example");
        openid(config, "pushed", first);
        config.put("tokenkeep.registrations.pushed.pushed-authorization", "true");
        openid(config, "second", second);
        config.putAll(AuthorizationServerResource.registration("plain", first, "strict"));
        config.put("tokenkeep.registrations.plain.authorization-endpoint", first.authorizationEndpoint() + "?tenant=1");
        config.putAll(AuthorizationServerResource.registration("none", first, "strict"));
        config.put("tokenkeep.connect.base-url", BASE);
        config.put("tokenkeep.sign-in.redirect-uris", REDIRECT_URI);
        config.put("tokenkeep.sign-in.return-uris", RETURN_URI);
        openid(config, "posted", first);
        config.put("tokenkeep.registrations.posted.authorization-parameters.response_mode", "form_post");
        openid(config, "device", first);
        config.put("tokenkeep.registrations.device.verification-uri-complete", "true");
        config.put("tokenkeep.registrations.device.max-concurrency", "4");
        config.put("tokenkeep.callers.few.max-concurrency", "4");
        openid(config, "published", first);
        config.put("tokenkeep.registrations.published.client-id", BASE + "/connect/published/client");
        config.put("tokenkeep.registrations.published.client-authentication", "none");
        config.put("tokenkeep.registrations.published.dpop", "true");
        config.remove("tokenkeep.registrations.published.client-secret");
        caller(config, "few", "openid");
        config.put("tokenkeep.registrations.device.authorization-parameters.audience", "https://api.example");
        caller(config, "web", "openid,pushed,posted,device,second,plain,none");
        caller(config, "rival", "openid,pushed,second,plain");
        caller(config, "anywhere", null);
        config.put("mp.jwt.verify.publickey", CallerKeys.publicKey());
        config.put("mp.jwt.verify.issuer", CallerKeys.ISSUER);
        config.put("mp.jwt.verify.audiences", CallerKeys.AUDIENCE);
        config.put("tokenkeep.audit.table", "true");
        return config;
    }

    private static ScriptedAuthorizationServer server() {
        var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(60));
        server.metadata("""
                ,"authorization_endpoint":"%s","device_authorization_endpoint":"%s","jwks_uri":"%s","pushed_authorization_request_endpoint":"%s",
                "authorization_response_iss_parameter_supported":true""".formatted(
                        server.authorizationEndpoint(),
                        server.deviceAuthorizationEndpoint(),
                        server.jwks(),
                        server.pushedAuthorizationEndpoint()));
        return server;
    }

    private static void openid(Map<String, String> config, String name, ScriptedAuthorizationServer server) {
        String prefix = "tokenkeep.registrations." + name + ".";
        config.putAll(AuthorizationServerResource.registration(name, server, "strict"));
        config.remove(prefix + "token-endpoint");
        config.remove(prefix + "revocation-endpoint");
        config.put(prefix + "issuer", server.issuer().toString());
        config.put(prefix + "scope", "openid offline_access");
    }

    private static void caller(Map<String, String> config, String name, String registrations) {
        String prefix = "tokenkeep.callers." + name + ".";
        config.put(prefix + "subject", "sub-" + name);
        config.put(prefix + "permissions", "tokens:read,sessions:read,sessions:write");
        if (registrations != null) {
            config.put(prefix + "registrations", registrations);
            config.put(prefix + "return-uris", RETURN_URI);
            config.put(
                    prefix + "redirect-uris",
                    String.join(",", REDIRECT_URI, OTHER_REDIRECT_URI, LOOPBACK_REDIRECT_URI));
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(
                first,
                field -> field.getType() == ScriptedAuthorizationServer.class
                        && !field.isAnnotationPresent(Second.class));
        injector.injectIntoFields(
                second,
                field -> field.getType() == ScriptedAuthorizationServer.class
                        && field.isAnnotationPresent(Second.class));
    }

    @Override
    public void stop() {
        first.close();
        second.close();
    }
}
