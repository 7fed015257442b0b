package dev.tokenkeep.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.testing.ScriptedTransit.Answer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The keys of a Transit engine that sign, as HashiCorp Vault and OpenBao do. */
public final class TransitSigningScript {

    private static final ObjectMapper JSON = new ObjectMapper();

    private record Version(KeyPair pair, Instant created) {}

    private static final class Key {
        private final String type;
        private final List<Version> versions = new ArrayList<>();
        private int lowest;

        Key(String type) {
            this.type = type;
        }
    }

    private final Map<String, Key> keys = new ConcurrentHashMap<>();
    private final Map<String, Gate> held = new ConcurrentHashMap<>();
    private volatile int status = 200;
    private volatile boolean standardBase64;

    /** @param type such as {@code ecdsa-p256} */
    public void create(String name, String type, Instant created) {
        keys.put(name, new Key(type));
        rotate(name, created);
    }

    /** Adds a version, which was made at this time. */
    public synchronized void rotate(String name, Instant created) {
        Key key = keys.get(name);
        key.versions.add(new Version(pair(key.type), created));
    }

    /** As if the latest version had been made at this time. */
    public synchronized void latestIsOf(String name, Instant created) {
        List<Version> versions = keys.get(name).versions;
        versions.set(
                versions.size() - 1,
                new Version(versions.get(versions.size() - 1).pair(), created));
    }

    /** {@code min_encryption_version}: lower versions do not sign. */
    public synchronized void lowest(String name, int version) {
        keys.get(name).lowest = version;
    }

    /** Signatures are answered with this status; 200 for as usual. */
    public void status(int answered) {
        status = answered;
    }

    /** Signatures are written in base64, and not in base64url. */
    public void standardBase64() {
        standardBase64 = true;
    }

    /** The next signature of this key is held. */
    public Gate holdNext(String name) {
        var gate = new Gate();
        held.put(name, gate);
        return gate;
    }

    private static KeyPair pair(String type) {
        return switch (type) {
            case "ecdsa-p256" -> PemKeys.pair("P-256");
            case "ecdsa-p384" -> PemKeys.pair("P-384");
            case "ecdsa-p521" -> PemKeys.pair("P-521");
            case "ed25519" -> PemKeys.pair("Ed25519");
            default -> PemKeys.pair("RSA");
        };
    }

    synchronized Answer describe(String name) throws IOException {
        Key key = keys.get(name);
        if (key == null) {
            return new Answer(404, "{\"errors\":[]}");
        }
        var versions = new LinkedHashMap<String, Object>();
        for (int at = 0; at < key.versions.size(); at++) {
            Version version = key.versions.get(at);
            versions.put(
                    String.valueOf(at + 1),
                    key.type.startsWith("aes")
                            ? version.created().getEpochSecond()
                            : Map.of(
                                    "name",
                                    key.type,
                                    "creation_time",
                                    version.created().toString(),
                                    "public_key",
                                    publicKey(name, key.type, version.pair())));
        }
        return new Answer(
                200,
                JSON.writeValueAsString(Map.of(
                        "request_id",
                        "1",
                        "data",
                        Map.of(
                                "name",
                                name,
                                "type",
                                key.type,
                                "latest_version",
                                key.versions.size(),
                                "min_encryption_version",
                                key.lowest,
                                "keys",
                                versions))));
    }

    /** A key that others are derived from has no public key of its own. */
    private static String publicKey(String name, String type, KeyPair pair) {
        byte[] encoded = pair.getPublic().getEncoded();
        if (name.startsWith("derived")) {
            return "";
        }
        return type.equals("ed25519")
                ? Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length))
                : PemKeys.pem("PUBLIC KEY", encoded);
    }

    Answer sign(String name, JsonNode request) throws IOException {
        Gate gate = held.remove(name);
        if (gate != null) {
            gate.pass();
        }
        if (status != 200) {
            return new Answer(status, "{\"errors\":[\"for s.vault-token\"]}");
        }
        int number = request.path("key_version").asInt();
        Key key = keys.get(name);
        if (key == null || number < key.lowest || number > key.versions.size()) {
            return new Answer(400, "{\"errors\":[\"no such version\"]}");
        }
        try {
            byte[] signature = signed(key.type, key.versions.get(number - 1).pair(), request);
            Base64.Encoder encoder =
                    request.path("marshaling_algorithm").asText().equals("jws") && !standardBase64
                            ? Base64.getUrlEncoder().withoutPadding()
                            : Base64.getEncoder();
            return new Answer(
                    200,
                    JSON.writeValueAsString(Map.of(
                            "data",
                            Map.of(
                                    "signature",
                                    "vault:v" + number + ":" + encoder.encodeToString(signature),
                                    "key_version",
                                    number))));
        } catch (GeneralSecurityException e) {
            return new Answer(500, "{\"errors\":[\"" + e.getMessage() + "\"]}");
        }
    }

    private static byte[] signed(String type, KeyPair pair, JsonNode request) throws GeneralSecurityException {
        Signature signature = signature(type, request);
        signature.initSign(pair.getPrivate());
        signature.update(Base64.getDecoder().decode(request.path("input").asText()));
        return signature.sign();
    }

    private static Signature signature(String type, JsonNode request) throws GeneralSecurityException {
        if (type.equals("ed25519")) {
            if (request.has("hash_algorithm")) {
                throw new GeneralSecurityException("prehashed");
            }
            return Signature.getInstance("Ed25519");
        }
        String bits = request.path("hash_algorithm").asText("sha2-256").substring("sha2-".length());
        if (type.startsWith("ecdsa")) {
            String form = request.path("marshaling_algorithm").asText().equals("jws") ? "inP1363Format" : "";
            return Signature.getInstance("SHA" + bits + "withECDSA" + form);
        }
        if (request.path("signature_algorithm").asText("pss").equals("pkcs1v15")) {
            return Signature.getInstance("SHA" + bits + "withRSA");
        }
        Signature pss = Signature.getInstance("RSASSA-PSS");
        int hash = Integer.parseInt(bits) / 8;
        // The engine takes the longest salt unless it is told otherwise.
        int salt = request.path("salt_length").asText("auto").equals("hash") ? hash : 2048 / 8 - 2 - hash;
        pss.setParameter(new PSSParameterSpec("SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), salt, 1));
        return pss;
    }
}
