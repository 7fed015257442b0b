package dev.tokenkeep.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/**
 * Running issuers of callers' JWTs, one for each kind of signature: their metadata and keys are served over HTTP. Each has
 * one caller, of the same subject, so that nothing but the issuer tells them apart.
 */
public final class CallerIssuers implements AutoCloseable {

    /** The algorithm by the issuer's name. */
    public static final Map<String, String> ALGORITHMS = Map.of(
            "rsa", AlgorithmIdentifiers.RSA_USING_SHA256,
            "elliptic", AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            "edwards", AlgorithmIdentifiers.EDDSA);

    /** Of the callers of all issuers. */
    public static final String SUBJECT = "sub-of-an-issuer";

    /** The name of an issuer that takes connections and does not answer. */
    public static final String HANGING = "hanging";

    /** The name of an issuer whose keys a test can hold back. It has the key of {@code rsa}, and a caller for one call at once. */
    public static final String GATED = "gated";

    private static final Map<String, PublicJsonWebKey> KEYS = keys();
    private static final AtomicReference<Gate> GATE = new AtomicReference<>();
    private static final AtomicInteger PORT = new AtomicInteger();
    private static final AtomicInteger HANGING_PORT = new AtomicInteger();

    private final HttpServer server;
    private final ServerSocket hanging;

    private CallerIssuers(HttpServer server, ServerSocket hanging) {
        this.server = server;
        this.hanging = hanging;
    }

    public static CallerIssuers start() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            PORT.set(server.getAddress().getPort());
            for (String name : ALGORITHMS.keySet()) {
                serve(
                        server,
                        "/" + name + "/.well-known/openid-configuration",
                        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(issuer(name), issuer(name)));
                serve(server, "/" + name + "/keys", new JsonWebKeySet(KEYS.get(name)).toJson());
            }
            serve(server, "/" + GATED + "/keys", new JsonWebKeySet(KEYS.get("rsa")).toJson());
            server.setExecutor(task -> new Thread(task, "issuer").start());
            server.start();
            var hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            HANGING_PORT.set(hanging.getLocalPort());
            return new CallerIssuers(server, hanging);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(HttpServer server, String path, String json) {
        byte[] body = json.getBytes(UTF_8);
        server.createContext(path, exchange -> {
            Gate gate = path.startsWith("/" + GATED) ? GATE.getAndSet(null) : null;
            if (gate != null) {
                gate.pass();
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private static Map<String, PublicJsonWebKey> keys() {
        try {
            var keys = new LinkedHashMap<String, PublicJsonWebKey>();
            keys.put("rsa", RsaJwks.next());
            keys.put("elliptic", EcJwkGenerator.generateJwk(EllipticCurves.P256));
            keys.put("edwards", OkpJwkGenerator.generateJwk("Ed25519"));
            keys.forEach((name, key) -> key.setKeyId(name + "-key"));
            return keys;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    public Map<String, String> settings() {
        var settings = new HashMap<String, String>();
        ALGORITHMS.keySet().forEach(name -> {
            settings.put("tokenkeep.issuers." + name + ".issuer", issuer(name));
            String caller = "tokenkeep.callers.of-" + name;
            settings.put(caller + ".issuer", name);
            settings.put(caller + ".subject", SUBJECT);
            settings.put(caller + ".permissions", "sessions:read,sessions:write");
        });
        settings.put("tokenkeep.issuers." + HANGING + ".issuer", issuer(HANGING));
        settings.put("tokenkeep.issuers." + GATED + ".issuer", issuer(GATED));
        settings.put("tokenkeep.issuers." + GATED + ".jwks", issuer(GATED) + "/keys");
        settings.put("tokenkeep.callers.of-gated.issuer", GATED);
        settings.put("tokenkeep.callers.of-gated.subject", SUBJECT);
        settings.put("tokenkeep.callers.of-gated.permissions", "tokens:read,sessions:read");
        settings.put("tokenkeep.callers.of-gated.max-concurrency", "1");
        return settings;
    }

    /** Holds the next request for the keys of {@link #GATED}. */
    public static Gate holdNextKeys() {
        var gate = new Gate();
        GATE.set(gate);
        return gate;
    }

    /** The key that signs this issuer's JWTs. */
    public static PublicJsonWebKey key(String name) {
        return KEYS.get(name);
    }

    /** A JWT of this issuer's caller, good for ten minutes. */
    public static String token(String name) {
        return token(name, name, ALGORITHMS.get(name));
    }

    /** A JWT that names one issuer and is signed by another one's key. */
    public static String token(String name, String signer, String algorithm) {
        return token(name, signer, algorithm, KEYS.get(signer).getKeyId());
    }

    /** @param keyId a string, if it is to be a JWT that may be good */
    public static String token(String name, String signer, String algorithm, Object keyId) {
        return signed(claims(name, Map.of("sub", SUBJECT)), KEYS.get(signer), algorithm, "JWT", keyId);
    }

    /** A JWT of this issuer with these claims besides, good for ten minutes. */
    public static String of(String name, Map<String, Object> more) {
        return of(name, "JWT", more);
    }

    /** @param type in the header */
    public static String of(String name, String type, Map<String, Object> more) {
        String signer = ALGORITHMS.containsKey(name) ? name : "rsa";
        return signed(
                claims(name, more),
                KEYS.get(signer),
                ALGORITHMS.get(signer),
                type,
                KEYS.get(signer).getKeyId());
    }

    private static JwtClaims claims(String name, Map<String, Object> more) {
        var claims = new JwtClaims();
        claims.setIssuer(issuer(name));
        claims.setAudience(CallerKeys.AUDIENCE);
        claims.setExpirationTimeMinutesInTheFuture(10);
        claims.setIssuedAtToNow();
        claims.setGeneratedJwtId();
        more.forEach(claims::setClaim);
        return claims;
    }

    private static String signed(JwtClaims claims, PublicJsonWebKey key, String algorithm, String type, Object keyId) {
        var jws = new JsonWebSignature();
        jws.setPayload(claims.toJson());
        jws.setAlgorithmHeaderValue(algorithm);
        jws.setHeader("typ", type);
        jws.getHeaders().setObjectHeaderValue("kid", keyId);
        jws.setKey(key.getPrivateKey());
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String issuer(String name) {
        int port = name.equals(HANGING) ? HANGING_PORT.get() : PORT.get();
        return "http://127.0.0.1:" + port + "/" + name;
    }

    @Override
    public void close() {
        server.stop(0);
        try {
            hanging.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
