package dev.tokenkeep.signin;

import dev.tokenkeep.testing.AssertionVerifier;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.PemKeys;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.ScriptedTransit;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An authorization server with a client for every method, each of which is taken by that method alone. */
public final class ClientMethodsResource implements QuarkusTestResourceLifecycleManager {

    static final List<String> BY_KEY = List.of("rs256", "ps256", "es256", "es384", "eddsa");
    /** Their keys are in a Transit engine. */
    static final Map<String, String> BY_TRANSIT = new TreeMap<>(Map.of(
            "transit-es256", "ecdsa-p256",
            "transit-rs256", "rsa-2048",
            "transit-ps256", "rsa-3072",
            "transit-eddsa", "ed25519"));

    /** The same, each for one test alone: no session of another test asks for its signatures. */
    static final String IN_OUTAGE = "transit-outage";

    static final String HANGING = "transit-hanging";

    static final String TRANSIT_TOKEN = "s.token-of-vault";
    private static final String SECRET = "a secret of more than 32 bytes, as HS256 needs";

    private final Map<String, String> config = new HashMap<>();
    private final Map<String, PemKeys> keys = new HashMap<>();
    private final Map<String, AssertionVerifier> verifiers = new HashMap<>();
    private ScriptedAuthorizationServer server;
    private ScriptedTransit vault;

    /** What a test needs to know of the clients. */
    record Clients(Map<String, PemKeys> keys, Map<String, AssertionVerifier> verifiers) {}

    @Override
    public Map<String, String> start() {
        server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(60));
        server.metadata("""
                ,"authorization_endpoint":"%s","device_authorization_endpoint":"%s","jwks_uri":"%s","pushed_authorization_request_endpoint":"%s",
                "require_pushed_authorization_requests":true""".formatted(
                        server.authorizationEndpoint(),
                        server.deviceAuthorizationEndpoint(),
                        server.jwks(),
                        server.pushedAuthorizationEndpoint()));
        registration("basic", "client_secret_basic", ScriptedAuthorizationServer.CLIENT_ID);
        config.put("tokenkeep.registrations.basic.client-secret", ScriptedAuthorizationServer.CLIENT_SECRET);
        registration("post", "client_secret_post", ScriptedAuthorizationServer.CLIENT_ID);
        config.put("tokenkeep.registrations.post.client-secret", ScriptedAuthorizationServer.CLIENT_SECRET);
        registration("secret", "client_secret_jwt", "secret");
        config.put("tokenkeep.registrations.secret.client-secret", SECRET);
        taken("secret", AssertionVerifier.ofSecret("secret", server.issuer().toString(), SECRET));
        byKey("rs256", "RSA");
        byKey("ps256", "RSA");
        config.put("tokenkeep.registrations.ps256.client-assertion-algorithm", "PS256");
        byKey("es256", "P-256");
        byKey("es384", "P-384");
        byKey("eddsa", "Ed25519");
        transit();
        caller();
        return config;
    }

    private void registration(String name, String method, String clientId) {
        String prefix = "tokenkeep.registrations." + name + ".";
        config.put(prefix + "issuer", server.issuer().toString());
        config.put(prefix + "client-id", clientId);
        config.put(prefix + "client-authentication", method);
        config.put(prefix + "rotation", "strict");
    }

    private void byKey(String name, String kind) {
        PemKeys directory = PemKeys.of("one", PemKeys.pair(kind));
        keys.put(name, directory);
        registration(name, "private_key_jwt", name);
        config.put(
                "tokenkeep.registrations." + name + ".client-keys",
                directory.directory().toString());
        publishes(name);
    }

    private void publishes(String name) {
        // It fetches what is published, as servers do.
        taken(
                name,
                AssertionVerifier.ofKeys(
                        name,
                        server.issuer().toString(),
                        () -> RestAssured.get("/connect/" + name + "/jwks").asString()));
    }

    private void transit() {
        try {
            vault = ScriptedTransit.start();
            config.put("tokenkeep.encryption.transit.address", vault.address());
            config.put(
                    "tokenkeep.encryption.transit.token-file",
                    Files.writeString(Files.createTempFile("vault", ".token"), TRANSIT_TOKEN)
                            .toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        BY_TRANSIT.forEach(this::byTransit);
        byTransit(IN_OUTAGE, "ecdsa-p256");
        byTransit(HANGING, "ed25519");
        config.put("tokenkeep.registrations.transit-ps256.client-assertion-algorithm", "PS256");
    }

    private void byTransit(String name, String type) {
        vault.signing().create(name, type, Instant.now().minus(Duration.ofDays(1)));
        registration(name, "private_key_jwt", name);
        config.put("tokenkeep.registrations." + name + ".client-keys-transit", name);
        publishes(name);
    }

    private void taken(String name, AssertionVerifier verifier) {
        verifiers.put(name, verifier);
        server.signingClient(name, verifier);
    }

    private void caller() {
        config.put("tokenkeep.callers.web.subject", "sub-web");
        config.put("tokenkeep.callers.web.permissions", "tokens:read,sessions:read,sessions:write");
        config.put(
                "tokenkeep.callers.web.registrations",
                String.join(",", BY_KEY) + "," + String.join(",", BY_TRANSIT.keySet()) + ",basic,post,secret,"
                        + IN_OUTAGE + "," + HANGING);
        config.put("tokenkeep.callers.web.redirect-uris", SignInResource.REDIRECT_URI);
        config.put("mp.jwt.verify.publickey", CallerKeys.publicKey());
        config.put("mp.jwt.verify.issuer", CallerKeys.ISSUER);
        config.put("mp.jwt.verify.audiences", CallerKeys.AUDIENCE);
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, field -> field.getType() == ScriptedAuthorizationServer.class);
        injector.injectIntoFields(vault, field -> field.getType() == ScriptedTransit.class);
        injector.injectIntoFields(new Clients(keys, verifiers), field -> field.getType() == Clients.class);
    }

    @Override
    public void stop() {
        server.close();
        vault.close();
    }
}
