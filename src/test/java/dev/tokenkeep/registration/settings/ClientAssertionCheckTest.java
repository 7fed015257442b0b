package dev.tokenkeep.registration.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.jose.RemoteKeys;
import dev.tokenkeep.jose.SigningKeys;
import dev.tokenkeep.jose.UnusableKeyException;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.testing.PemKeys;
import dev.tokenkeep.time.Ticker;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of clients that sign. */
class ClientAssertionCheckTest {

    private static final String PREFIX = "tokenkeep.registrations.test.";
    private static final String TRANSIT = PREFIX + "client-keys-transit";
    private static final String BYTES_31 = "0123456789abcdef0123456789abcde";

    private static Map<String, String> keys(PemKeys keys) {
        return new HashMap<>(Map.of(
                "issuer", "https://as.example",
                "client-secret", "",
                "client-authentication", "private_key_jwt",
                "client-keys", keys.directory().toString()));
    }

    private static void isRefused(Map<String, String> settings, String... told) {
        assertThatThrownBy(() -> TestClientRegistrations.with(settings))
                .hasMessageContainingAll(told)
                .hasMessageNotContaining(BYTES_31);
    }

    private static Map<String, String> with(Map<String, String> settings, String key, String value) {
        settings.put(key, value);
        return settings;
    }

    @Test
    @DisplayName("G6: the secret of HS256 has 32 bytes at least")
    void refusesAShortSecret() {
        var settings = new HashMap<>(Map.of(
                "issuer", "https://as.example",
                "client-secret", BYTES_31,
                "client-authentication", "client_secret_jwt"));
        isRefused(settings, PREFIX + "client-secret: is too short for HS256: it needs at least 32 bytes");
        assertThat(TestClientRegistrations.with(with(settings, "client-secret", BYTES_31 + "f"))
                        .client()
                        .assertion())
                .isNotNull();
        isRefused(with(settings, "client-assertion-algorithm", "HS512"), "at least 64 bytes");
    }

    @Test
    @DisplayName("G18: without an issuer the audience has to be configured")
    void refusesToGuessAnAudience() {
        Map<String, String> settings = keys(PemKeys.of("k", PemKeys.pair("P-256")));
        settings.remove("issuer");
        isRefused(settings, PREFIX + "client-assertion-audience: is required, unless there is an issuer");
    }

    @ParameterizedTest
    @CsvSource({
        "RS256, does not fit RS256",
        "ES384, does not fit ES384",
        "HS256, 'is not supported with private_key_jwt; use one of RS256'",
        "none, is not supported",
        "es256, is not supported"
    })
    @DisplayName("G4: the algorithm has to fit the key")
    void refusesAnAlgorithmThatDoesNotFit(String algorithm, String told) {
        isRefused(
                with(keys(PemKeys.of("k", PemKeys.pair("P-256"))), "client-assertion-algorithm", algorithm),
                PREFIX + "client-assertion-algorithm",
                told);
    }

    @Test
    @DisplayName("G4: a short RSA key is refused")
    void refusesAShortKey() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        isRefused(keys(PemKeys.of("k", generator.generateKeyPair())), PREFIX + "client-keys", "RSA with 2048 bits");
    }

    @Test
    void aCertificateNeedsATlsConfiguration() {
        isRefused(
                new HashMap<>(Map.of("client-secret", "", "client-authentication", "tls_client_auth")),
                PREFIX + "tls-configuration: is required with tls_client_auth");
    }

    @Test
    void aChangedCredentialIsAnotherCredential() {
        PemKeys keys = PemKeys.of("old", PemKeys.pair("P-256")).add("new", PemKeys.pair("P-256"));
        Secret old = credential(keys(keys));
        Secret one = credential(Map.of());
        assertThat(credential(keys(keys))).isEqualTo(old).isNotEqualTo(one);
        assertThat(credential(keys(keys.primary("new")))).isNotEqualTo(old);
        assertThat(credential(Map.of("rate-limit", "1/1s"))).isEqualTo(one);
        assertThat(credential(Map.of("client-secret", "neu"))).isNotEqualTo(one);
        assertThat(credential(Map.of("client-id", "client-2"))).isNotEqualTo(one);
        assertThat(credential(Map.of("client-authentication", "client_secret_post")))
                .isNotEqualTo(one);
    }

    private static Secret credential(Map<String, String> settings) {
        return TestClientRegistrations.with(settings).client().credential();
    }

    @Test
    void namesTheKeyOfADirectoryThatCannotBeUsed() {
        isRefused(keys(PemKeys.empty()), PREFIX + "client-keys", "has no file primary");
        Map<String, String> settings = keys(PemKeys.empty());
        settings.remove("client-keys");
        isRefused(settings, PREFIX + "client-keys: is required with private_key_jwt");
        isRefused(
                with(keys(PemKeys.of("k", PemKeys.pair("P-256"))), "client-secret", "geheim"),
                PREFIX + "client-secret: is set, but client-authentication=private_key_jwt uses no client secret");
    }

    /** Keys that are elsewhere, and can become others. */
    private static final class Elsewhere implements RemoteKeys {

        private final Map<String, String> objections = new HashMap<>();
        private PemKeys keys = PemKeys.of("crm-v1", PemKeys.pair("P-256"));

        @Override
        public Map<String, String> objections() {
            return objections;
        }

        @Override
        public SigningKeys keys(String name) throws UnusableKeyException {
            if (!name.equals("crm")) {
                throw new UnusableKeyException("there is no such key");
            }
            return ClientKeys.ofDirectories(Clock.systemUTC())
                    .read(Optional.of(keys.directory().toString()), Optional.empty());
        }
    }

    private static ClientRegistrations registrations(Elsewhere remote, Ticker ticker, Map<String, String> more) {
        var settings = new HashMap<>(Map.of(
                "issuer", "https://as.example",
                "client-id", "c",
                "client-authentication", "private_key_jwt",
                "client-keys-transit", "crm"));
        settings.putAll(more);
        var properties = new HashMap<String, String>();
        settings.forEach((key, value) -> properties.put("tokenkeep.registrations.test." + key, value));
        return new ConfiguredRegistrations(ticker, new ClientKeys(remote, Clock.systemUTC()))
                .registrations(
                        new SmallRyeConfigBuilder()
                                .withSources(new PropertiesConfigSource(properties, "test", 100))
                                .build(),
                        Optional.empty());
    }

    @Test
    @DisplayName("G5: keys that are elsewhere are followed as they change")
    void followsKeysThatAreElsewhere() {
        var remote = new Elsewhere();
        var nanos = new AtomicLong();
        ClientRegistrations registrations = registrations(remote, nanos::get, Map.of());
        assertThat(keyOf(registrations)).isEqualTo("crm-v1");
        remote.keys.add("crm-v2", PemKeys.pair("P-256")).primary("crm-v2");
        assertThat(keyOf(registrations)).isEqualTo("crm-v1");
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(keyOf(registrations)).isEqualTo("crm-v2");
        assertThat(registrations.find("test").orElseThrow().client().publicJwks())
                .hasValueSatisfying(keys -> assertThat(keys).contains("crm-v1", "crm-v2"));
    }

    private static String keyOf(ClientRegistrations registrations) {
        return registrations
                .find("test")
                .orElseThrow()
                .client()
                .assertion()
                .keys()
                .primary()
                .id();
    }

    @Test
    void namesWhatIsWrongWithKeysThatAreElsewhere() {
        var remote = new Elsewhere();
        isRefused(remote, Map.of("client-keys-transit", "another"), TRANSIT + ": there is no such key");
        isRefused(remote, Map.of("client-keys", "/etc/keys"), TRANSIT + ": is set in addition to client-keys");
        isRefused(
                remote,
                Map.of("client-authentication", "none"),
                TRANSIT + ": needs client-authentication=private_key_jwt");
        isRefused(
                remote,
                Map.of("client-assertion-algorithm", "RS256"),
                PREFIX + "client-assertion-algorithm: the key crm-v1 does not fit RS256");
        remote.objections.put("tokenkeep.encryption.transit.address", "is missing");
        isRefused(remote, Map.of(), "tokenkeep.encryption.transit.address: is missing");
    }

    private static void isRefused(Elsewhere remote, Map<String, String> settings, String told) {
        assertThatThrownBy(() -> registrations(remote, () -> 0, settings)).hasMessageContaining(told);
    }
}
