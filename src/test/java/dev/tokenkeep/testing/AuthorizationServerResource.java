package dev.tokenkeep.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A scripted authorization server, injected into fields of its type, and the registrations {@code test}, {@code other},
 * {@code narrow} (two requests at once) and {@code keyed} (it knows the server's keys, expects an audience, and revokes no
 * replaced tokens) at it. {@code rotation} is {@code strict} unless given, {@code leeway} 10 s, {@code lifetime} (of access
 * tokens) 60 s. {@code tenants} is a template, whose sessions name their tenant.
 */
public final class AuthorizationServerResource implements QuarkusTestResourceLifecycleManager {

    private Map<String, String> arguments = Map.of();
    private ScriptedAuthorizationServer server;

    @Override
    public void init(Map<String, String> initArgs) {
        arguments = initArgs;
    }

    @Override
    public Map<String, String> start() {
        String rotation = arguments.getOrDefault("rotation", "strict");
        Duration leeway = Duration.ofSeconds(10);
        server = ScriptedAuthorizationServer.start(
                switch (rotation) {
                    case "none" -> RotationMode.NONE;
                    case "leeway" -> RotationMode.leeway(leeway);
                    default -> RotationMode.STRICT;
                },
                Duration.ofSeconds(Long.parseLong(arguments.getOrDefault("lifetime", "60"))));
        var config = new HashMap<>(registration("test", server, rotation));
        config.putAll(registration("other", server, rotation));
        config.put(
                "tokenkeep.registrations.other.authorization-endpoint",
                server.authorizationEndpoint().toString());
        config.put(
                "tokenkeep.registrations.other.device-authorization-endpoint",
                server.deviceAuthorizationEndpoint().toString());
        config.put("tokenkeep.registrations.other.grants", "urn:ietf:params:oauth:grant-type:token-exchange");
        config.put("tokenkeep.registrations.other.former-names", "elsewhere");
        config.putAll(registration("narrow", server, rotation));
        config.put("tokenkeep.registrations.narrow.max-concurrency", "2");
        config.putAll(registration("keyed", server, rotation));
        config.put("tokenkeep.registrations.keyed.jwks", server.jwks().toString());
        config.put("tokenkeep.registrations.keyed.expected-audience", "https://api.example");
        config.put("tokenkeep.registrations.keyed.parameters.audience", "https://api.example");
        config.put("tokenkeep.registrations.keyed.revoke-replaced", "false");
        config.put("tokenkeep.providers.directory", tenantsProvider(server));
        config.put("tokenkeep.registrations.tenants.provider", "tenants");
        config.put("tokenkeep.registrations.tenants.session-variables", "tenant");
        config.put("tokenkeep.registrations.tenants.client-id", ScriptedAuthorizationServer.CLIENT_ID);
        config.put("tokenkeep.registrations.tenants.client-secret", ScriptedAuthorizationServer.CLIENT_SECRET);
        if (rotation.equals("leeway")) {
            for (String name : List.of("test", "other", "narrow", "keyed")) {
                config.put("tokenkeep.registrations." + name + ".rotation-leeway", leeway.toString());
            }
        }
        return config;
    }

    private static String tenantsProvider(ScriptedAuthorizationServer server) {
        try {
            Path directory = Files.createTempDirectory("providers");
            Path file = Files.writeString(directory.resolve("tenants.properties"), """
                    preset.variables.tenant=[a-z]{1,20}
                    token-endpoint=%s?tenant={tenant}
                    revocation-endpoint=%s
                    authorization-endpoint=%s
                    """.formatted(
                            server.tokenEndpoint(), server.revocationEndpoint(), server.authorizationEndpoint()));
            file.toFile().deleteOnExit();
            directory.toFile().deleteOnExit();
            return directory.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings of a registration at a scripted server. */
    public static Map<String, String> registration(String name, ScriptedAuthorizationServer server, String rotation) {
        String prefix = "tokenkeep.registrations." + name + ".";
        return Map.of(
                prefix + "token-endpoint",
                server.tokenEndpoint().toString(),
                prefix + "revocation-endpoint",
                server.revocationEndpoint().toString(),
                prefix + "client-id",
                ScriptedAuthorizationServer.CLIENT_ID,
                prefix + "client-secret",
                ScriptedAuthorizationServer.CLIENT_SECRET,
                prefix + "rotation",
                rotation);
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, field -> field.getType() == ScriptedAuthorizationServer.class);
    }

    @Override
    public void stop() {
        server.close();
    }
}
