package dev.tokenkeep.harness;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.tokenkeep.testing.AssertionVerifier;
import dev.tokenkeep.testing.PemKeys;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.util.Map;

/** How the client of the harness authenticates, and what its tokens are bound to. */
enum ClientKind {
    SECRET,
    /** It signs JWTs by ES256, which the servers verify by Nimbus. */
    PRIVATE_KEY_JWT,
    /** The same, and access tokens are bound to a key of each session. */
    DPOP;

    private static final String KEY = "key";

    static ClientKind ofSystemProperty() {
        return valueOf(
                System.getProperty("tokenkeep.harness.client", SECRET.name()).toUpperCase(java.util.Locale.ROOT));
    }

    /** Sets how the registrations authenticate, and writes what the servers have to know of it. */
    void configure(Map<String, String> environment, Path publicKeys) {
        KeyPair pair = PemKeys.pair("P-256");
        String directory = PemKeys.of(KEY, pair).directory().toString();
        for (Mode mode : Mode.values()) {
            String prefix = "TOKENKEEP_REGISTRATIONS_" + mode.name() + "_";
            if (this == SECRET) {
                environment.put(prefix + "CLIENT_SECRET", ScriptedAuthorizationServer.CLIENT_SECRET);
            } else {
                environment.put(prefix + "CLIENT_AUTHENTICATION", "private_key_jwt");
                environment.put(prefix + "CLIENT_KEYS", directory);
                environment.put(prefix + "CLIENT_ASSERTION_AUDIENCE", "endpoint");
                environment.put(prefix + "DPOP", String.valueOf(this == DPOP));
            }
        }
        var key = new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                .keyID(KEY)
                .build();
        try {
            Files.writeString(publicKeys, new JWKSet(key).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has a server take only such a client. */
    void demand(ScriptedAuthorizationServer server, Path publicKeys) {
        if (this == SECRET) {
            return;
        }
        server.signingClient(
                ScriptedAuthorizationServer.CLIENT_ID,
                AssertionVerifier.ofKeys(
                        ScriptedAuthorizationServer.CLIENT_ID,
                        server.tokenEndpoint().toString(),
                        () -> read(publicKeys)));
        if (this == DPOP) {
            server.proofs();
        }
    }

    private static String read(Path publicKeys) {
        try {
            return Files.readString(publicKeys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
