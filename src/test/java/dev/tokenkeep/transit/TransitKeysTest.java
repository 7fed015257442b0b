package dev.tokenkeep.transit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.crypto.KeyUnavailableException;
import dev.tokenkeep.http.OutboundProxies;
import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedTransit;
import dev.tokenkeep.testing.ScriptedTransit.Request;
import dev.tokenkeep.testing.SelfSignedServer;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that a scripted Transit engine unwraps. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(CallersResource.class)
@WithTestResource(AuthorizationServerResource.class)
class TransitKeysTest {

    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    private static final String PLAINTEXT = Base64.getEncoder().encodeToString(KEY);
    private static final String WRAPPED = ScriptedTransit.wrapped(KEY);

    private ScriptedTransit vault;

    @Inject
    OutboundTls outbound;

    @Inject
    OutboundProxies proxies;

    @Inject
    TlsConfigurationRegistry registry;

    @TempDir
    Path files;

    @BeforeEach
    void start() throws IOException {
        vault = ScriptedTransit.start();
        Files.writeString(files.resolve("token"), "s.vault-token\n");
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    @Test
    void unwrapsWithTheTokenOfItsFileAsItIsNow() throws IOException {
        TransitKeys keys = keys("transit");
        assertThat(keys.unwrap("k1", WRAPPED)).isEqualTo(KEY);
        Files.writeString(files.resolve("token"), "s.renewed\n");
        assertThat(keys.unwrap("k1", WRAPPED)).isEqualTo(KEY);
        assertThat(vault.requests())
                .containsExactly(
                        new Request(
                                "POST",
                                "/v1/transit/decrypt/tokenkeep",
                                "s.vault-token",
                                "team",
                                "{\"ciphertext\":\"" + WRAPPED + "\"}"),
                        new Request(
                                "POST",
                                "/v1/transit/decrypt/tokenkeep",
                                "s.renewed",
                                "team",
                                "{\"ciphertext\":\"" + WRAPPED + "\"}"));
    }

    @Test
    void findsAMountOfSeveralParts() {
        assertThat(keys("teams/auth/transit").unwrap("k1", WRAPPED)).isEqualTo(KEY);
        assertThat(vault.requests().get(0).path()).isEqualTo("/v1/teams/auth/transit/decrypt/tokenkeep");
    }

    @Test
    void triesAgainWhatMayPassAndNotForEver() {
        vault.answerNext(503, "{\"errors\":[\"sealed\"]}");
        vault.answerNext(500, "");
        assertThat(keys("transit").unwrap("k1", WRAPPED)).isEqualTo(KEY);
        for (int i = 0; i < 10; i++) {
            vault.answerNext(503, "{}");
        }
        refused("answered 503");
        assertThat(vault.requests()).hasSize(6);
    }

    @Test
    void doesNotTryAgainWhatIsRefusedAndTellsNoSecret() {
        vault.answerNext(403, "{\"errors\":[\"permission denied for s.vault-token\"]}");
        refused("answered 403");
        assertThat(vault.requests()).hasSize(1);
    }

    @Test
    void refusesAnswersThatHoldNoKey() {
        vault.answerNext(200, "{\"data\":{}}");
        refused("no plaintext");
        vault.answerNext(200, "{\"data\":{\"plaintext\":\"%%%\"}}");
        refused("no base64");
        vault.answerNext(200, "secret, and no JSON");
        refused("cannot be unwrapped");
        assertThatThrownBy(() -> keys("transit").unwrap("k1", PLAINTEXT))
                .isInstanceOf(KeyUnavailableException.class)
                .hasMessageContaining("no Transit ciphertext")
                .hasMessageNotContaining(PLAINTEXT);
    }

    @Test
    void saysThatVaultIsOutOfReachOrItsTokenMissing() throws IOException {
        vault.down();
        refused("could not be reached");
        Files.delete(files.resolve("token"));
        refused("token file");
    }

    @Test
    void trustsAPrivateAuthorityThatItsSettingsName() throws Exception {
        try (var server = SelfSignedServer.start(vault::answer)) {
            String address = server.address("").toString();
            assertThatThrownBy(() -> keys(address, "transit", null).unwrap("k1", WRAPPED))
                    .hasMessageContaining("SSLHandshakeException");
            assertThat(vault.requests()).isEmpty();
            server.vouchedForAs("vault", registry);
            assertThat(keys(address, "transit", "vault").unwrap("k1", WRAPPED)).isEqualTo(KEY);
        }
    }

    @Test
    void namesEverySettingThatIsWrong() {
        assertThatThrownBy(() -> new TransitKeys(
                        config("http://vault.example.com", "/transit/", Optional.empty(), Optional.empty(), "nowhere"),
                        outbound,
                        proxies))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tokenkeep.encryption.transit.address")
                .hasMessageContaining("tokenkeep.encryption.transit.mount")
                .hasMessageContaining("tokenkeep.encryption.transit.key")
                .hasMessageContaining("tokenkeep.encryption.transit.token-file")
                .hasMessageContaining("tokenkeep.encryption.transit.tls-configuration");
    }

    private void refused(String message) {
        assertThatThrownBy(() -> keys("transit").unwrap("k1", WRAPPED))
                .isInstanceOf(KeyUnavailableException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("s.vault-token")
                .hasMessageNotContaining("secret, and");
    }

    private TransitKeys keys(String mount) {
        return keys(vault.address(), mount, null);
    }

    private TransitKeys keys(String address, String mount, String tls) {
        return new TransitKeys(
                config(address, mount, Optional.of("tokenkeep"), Optional.of(files.resolve("token")), tls),
                outbound,
                proxies);
    }

    private static TransitConfig config(
            String address, String mount, Optional<String> key, Optional<Path> tokenFile, String tls) {
        return new TestTransitConfig(Optional.of(address), mount, key, tokenFile, Optional.ofNullable(tls));
    }
}
