package dev.tokenkeep.transit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jwt.SignedJWT;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.http.OutboundProxies;
import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.jose.JwtSigner;
import dev.tokenkeep.jose.SigningAlgorithm;
import dev.tokenkeep.jose.SigningKeys;
import dev.tokenkeep.jose.UnusableKeyException;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Gate;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.ScriptedTransit;
import dev.tokenkeep.testing.ScriptedTransit.Request;
import dev.tokenkeep.testing.TestClock;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Client keys that stay in a scripted Transit engine, which really signs. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(CallersResource.class)
@WithTestResource(AuthorizationServerResource.class)
class TransitSigningKeysTest {

    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final Instant YESTERDAY = NOW.minus(Duration.ofDays(1));

    private final TestClock clock = new TestClock(NOW);
    private ScriptedTransit vault;
    private TransitSigningKeys keys;

    @Inject
    OutboundTls outbound;

    @Inject
    OutboundProxies proxies;

    @Inject
    Workers workers;

    @TempDir
    Path files;

    @BeforeEach
    void start() throws IOException {
        vault = ScriptedTransit.start();
        Files.writeString(files.resolve("token"), "s.vault-token\n");
        keys = keys(Optional.of(vault.address()));
    }

    @AfterEach
    void stop() {
        keys.close();
        vault.close();
    }

    private TransitSigningKeys keys(Optional<String> address) {
        return new TransitSigningKeys(
                new TestTransitConfig(
                        address,
                        "transit",
                        Optional.empty(),
                        address.map(any -> files.resolve("token")),
                        Optional.empty()),
                outbound,
                proxies,
                workers,
                clock);
    }

    private Optional<String> signed(SigningAlgorithm algorithm) throws UnusableKeyException {
        return JwtSigner.sign(
                        Map.of("jti", "1"), "JWT", algorithm, keys.keys("crm").primary())
                .toCompletableFuture()
                .join();
    }

    private void isVerifiedByNimbus(SigningAlgorithm algorithm) throws Exception {
        SignedJWT jwt = SignedJWT.parse(signed(algorithm).orElseThrow());
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo(algorithm.registeredName());
        assertThat(jwt.getPayload().toJSONObject()).containsOnly(Map.entry("jti", "1"));
        JWK key = JWKSet.parse(keys.keys("crm").publicJwks())
                .getKeyByKeyId(jwt.getHeader().getKeyID());
        assertThat(jwt.verify(
                        key instanceof OctetKeyPair edwards
                                ? new Ed25519Verifier(edwards)
                                : new DefaultJWSVerifierFactory()
                                        .createJWSVerifier(jwt.getHeader(), ((AsymmetricJWK) key).toPublicKey())))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ecdsa-p256, ES256",
        "ecdsa-p384, ES384",
        "ecdsa-p521, ES512",
        "rsa-2048, RS256",
        "rsa-2048, RS512",
        "rsa-3072, PS256",
        "rsa-4096, PS384",
        "ed25519, EdDSA"
    })
    @DisplayName("G4: a JWT of every kind of key is one that Nimbus verifies")
    void signsWithEveryKindOfKey(String type, String algorithm) throws Exception {
        vault.signing().create("crm", type, YESTERDAY);
        isVerifiedByNimbus(SigningAlgorithm.named(algorithm).orElseThrow());
        vault.signing().standardBase64();
        isVerifiedByNimbus(SigningAlgorithm.named(algorithm).orElseThrow());
    }

    @Test
    void asksForOneSignatureWithTheTokenAsItIsNow() throws Exception {
        vault.signing().create("crm", "ecdsa-p256", YESTERDAY);
        keys.keys("crm");
        Files.writeString(files.resolve("token"), "s.renewed\n");
        int before = vault.requests().size();
        signed(SigningAlgorithm.ES256);
        assertThat(vault.requests()).hasSize(before + 1);
        Request last = vault.requests().get(before);
        assertThat(last.path()).isEqualTo("/v1/transit/sign/crm");
        assertThat(last.token()).isEqualTo("s.renewed");
        assertThat(last.namespace()).isEqualTo("team");
        assertThat(last.body())
                .contains("\"key_version\":1", "\"marshaling_algorithm\":\"jws\"", "\"hash_algorithm\":\"sha2-256\"")
                .doesNotContain("salt_length", "signature_algorithm");
    }

    @Test
    void aSignatureComesOnAThreadThatMayBlock() throws Exception {
        vault.signing().create("crm", "ecdsa-p256", YESTERDAY);
        keys.keys("crm");
        Gate held = vault.signing().holdNext("crm");
        var thread = keys.keys("crm")
                .primary()
                .signer()
                .sign(SigningAlgorithm.ES256, new byte[1])
                .thenApply(signature -> Thread.currentThread().getName())
                .toCompletableFuture();
        held.awaitArrival();
        held.open();
        assertThat(thread.join()).startsWith("tokenkeep-worker-");
    }

    @Test
    @DisplayName("G5: a new version is published at once, and signs when servers know it")
    void publishesANewVersionBeforeItSigns() throws Exception {
        vault.signing().create("crm", "ecdsa-p256", YESTERDAY);
        SigningKeys before = keys.keys("crm");
        vault.signing().rotate("crm", NOW);
        assertThat(keys.keys("crm")).isEqualTo(before);
        keys.tick();
        assertThat(ids(keys.keys("crm"))).containsExactly("crm-v1", "crm-v2");
        assertThat(keys.keys("crm").primary().id()).isEqualTo("crm-v1");
        clock.goOn(Duration.ofMinutes(69));
        keys.tick();
        assertThat(keys.keys("crm").primary().id()).isEqualTo("crm-v1");
        clock.goOn(Duration.ofMinutes(1));
        keys.tick();
        assertThat(keys.keys("crm").primary().id()).isEqualTo("crm-v2");
        assertThat(ids(keys.keys("crm"))).containsExactly("crm-v1", "crm-v2");
        isVerifiedByNimbus(SigningAlgorithm.ES256);
    }

    @Test
    @DisplayName("G5: of versions that are all new, the oldest signs")
    void theOldestSignsIfAllAreNew() throws Exception {
        vault.signing().create("crm", "ecdsa-p256", NOW);
        vault.signing().rotate("crm", NOW);
        vault.signing().rotate("crm", NOW);
        assertThat(keys.keys("crm").primary().id()).isEqualTo("crm-v1");
    }

    @Test
    void aVersionThatMustNotSignAnyMoreDoesNot() throws Exception {
        vault.signing().create("crm", "ecdsa-p256", YESTERDAY);
        vault.signing().rotate("crm", NOW);
        vault.signing().lowest("crm", 2);
        assertThat(keys.keys("crm").primary().id()).isEqualTo("crm-v2");
        assertThat(ids(keys.keys("crm"))).containsExactly("crm-v1", "crm-v2");
    }

    private static List<String> ids(SigningKeys keys) throws Exception {
        return JWKSet.parse(keys.publicJwks()).getKeys().stream()
                .map(JWK::getKeyID)
                .toList();
    }

    @Test
    void namesWhatCannotBeUsed() throws IOException {
        vault.signing().create("symmetric", "aes256-gcm96", YESTERDAY);
        vault.signing().create("derived", "ed25519", YESTERDAY);
        vault.signing().create("crm", "ecdsa-p256", YESTERDAY);
        isRefused("symmetric", "the Transit key symmetric cannot sign JWTs; use ecdsa-p256");
        isRefused("derived", "a derived key cannot be used");
        isRefused("nobody", "the Transit key nobody cannot be used", "answered 404");
        isRefused("../sys/raw", "must be the name of a Transit key");
        vault.signing().status(403);
        isRefused("crm", "the Transit key crm cannot be used", "answered 403");
        vault.signing().status(200);
        vault.answerNext(200, "secret, and no JSON");
        isRefused("crm", "the Transit key crm cannot be used");
        vault.down();
        isRefused("crm", "could not be reached");
        Files.delete(files.resolve("token"));
        isRefused("crm", "the token file", "cannot be read: NoSuchFileException");
    }

    private void isRefused(String name, String... told) {
        assertThatThrownBy(() -> keys.keys(name))
                .isInstanceOf(UnusableKeyException.class)
                .hasMessageContainingAll(told)
                .hasMessageNotContaining("s.vault-token")
                .hasMessageNotContaining("secret, and");
    }

    @Test
    void triesAgainWhatMayPass() throws Exception {
        vault.signing().create("crm", "ecdsa-p256", YESTERDAY);
        vault.answerNext(503, "{\"errors\":[\"sealed\"]}");
        vault.answerNext(500, "");
        assertThat(keys.keys("crm").primary().id()).isEqualTo("crm-v1");
    }

    @Test
    void namesEverySettingThatIsMissing() {
        TransitSigningKeys unset = keys(Optional.empty());
        assertThat(unset.objections())
                .containsOnlyKeys("tokenkeep.encryption.transit.address", "tokenkeep.encryption.transit.token-file");
        assertThatThrownBy(() -> unset.keys("crm"))
                .isInstanceOf(UnusableKeyException.class)
                .hasMessageContaining("tokenkeep.encryption.transit");
        // Without a key that is used there is nothing to read.
        unset.tick();
    }

    @Test
    void keepsWhatItKnowsInAnOutageAndTellsItOnce() throws Exception {
        vault.signing().create("crm", "ecdsa-p256", YESTERDAY);
        SigningKeys before = keys.keys("crm");
        try (var log = LogLines.of("dev.tokenkeep")) {
            vault.down();
            keys.tick();
            keys.tick();
            assertThat(keys.keys("crm")).isEqualTo(before);
            assertThat(signed(SigningAlgorithm.ES256)).isEmpty();
            assertThat(signed(SigningAlgorithm.ES256)).isEmpty();
            assertThat(log.with("Transit key crm: reading fails: the Transit engine at "))
                    .hasSize(1);
            assertThat(log.with("Transit key crm: signing fails: the Transit engine at "))
                    .hasSize(1);
            vault.up();
            vault.signing().status(403);
            assertThat(signed(SigningAlgorithm.ES256)).isEmpty();
            vault.signing().status(200);
            keys.tick();
            assertThat(signed(SigningAlgorithm.ES256)).isPresent();
            assertThat(log.with("Transit key crm: reading works again")).hasSize(1);
            assertThat(log.with("Transit key crm: signing works again")).hasSize(1);
            assertThat(log.with("s.vault-token")).isEmpty();
        }
    }

    @Test
    void takesNoSignatureOfAnotherVersion() throws Exception {
        vault.signing().create("crm", "ecdsa-p256", YESTERDAY);
        keys.keys("crm");
        vault.answerNext(200, "{\"data\":{\"signature\":\"vault:v2:AAAA\"}}");
        assertThat(signed(SigningAlgorithm.ES256)).isEmpty();
        vault.answerNext(200, "{\"data\":{}}");
        assertThat(signed(SigningAlgorithm.ES256)).isEmpty();
        vault.answerNext(200, "{\"data\":{\"signature\":\"vault:v1:%%%\"}}");
        assertThat(signed(SigningAlgorithm.ES256)).isEmpty();
        assertThat(signed(SigningAlgorithm.ES256)).isPresent();
    }
}
