package dev.tokenkeep.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import dev.tokenkeep.testing.PemKeys;
import dev.tokenkeep.testing.TestCertificate;
import java.security.KeyPair;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client's private keys, as an operator puts them into a directory. */
class SigningKeyDirectoryTest {

    private static SigningKeys read(PemKeys keys) throws UnusableKeyException {
        return new SigningKeyDirectory(keys.directory()).read();
    }

    private static void isRefused(PemKeys keys, String... told) {
        assertThatThrownBy(() -> read(keys))
                .isInstanceOf(UnusableKeyException.class)
                .hasMessageContainingAll(told)
                .hasMessageNotContaining("BEGIN");
    }

    @ParameterizedTest
    @CsvSource({"RSA, RS256", "P-256, ES256", "P-384, ES384", "P-521, ES512", "Ed25519, EdDSA"})
    @DisplayName("G4: the public half of every kind is found, as Nimbus finds it too")
    void findsThePublicHalf(String kind, String algorithm) throws Exception {
        KeyPair pair = PemKeys.pair(kind);
        SigningKeys keys = read(PemKeys.of("key.1", pair));

        assertThat(keys.primary().publicKey()).isEqualTo(pair.getPublic());
        assertThat(SigningAlgorithm.usualFor(pair.getPublic()))
                .map(SigningAlgorithm::registeredName)
                .hasValue(algorithm);
        JWK published = JWKSet.parse(keys.publicJwks()).getKeyByKeyId("key.1");
        assertThat(published.isPrivate()).isFalse();
        assertThat(published.getKeyUse().getValue()).isEqualTo("sig");
        assertThat(published.computeThumbprint()).hasToString(keys.thumbprint());
    }

    @Test
    void readsJwks() throws Exception {
        JWK ec = new ECKeyGenerator(Curve.P_256).keyID("its-own").generate();
        JWK edwards = new OctetKeyPairGenerator(Curve.Ed25519).generate();
        SigningKeys keys = read(PemKeys.empty()
                .write("a", ec.toJSONString())
                .write("b", edwards.toJSONString())
                .primary("b"));

        JWKSet published = JWKSet.parse(keys.publicJwks());
        assertThat(published.getKeyByKeyId("a").computeThumbprint()).isEqualTo(ec.computeThumbprint());
        assertThat(published.getKeyByKeyId("b").computeThumbprint()).isEqualTo(edwards.computeThumbprint());
        assertThat(keys.publicJwks()).doesNotContain("\"d\"");
        assertThat(keys.primary().id()).isEqualTo("b");
    }

    @Test
    @DisplayName("G5: the next key is published before it signs, and the old one after")
    void publishesAllOfThem() throws Exception {
        PemKeys keys = PemKeys.of("old", PemKeys.pair("P-256")).add("next", PemKeys.pair("P-256"));
        assertThat(read(keys).primary().id()).isEqualTo("old");
        assertThat(JWKSet.parse(read(keys).publicJwks()).getKeys())
                .extracting(JWK::getKeyID)
                .containsExactly("next", "old");
        SigningKeys before = read(keys);
        keys.primary("next");
        assertThat(read(keys)).isNotEqualTo(before);
        assertThat(read(keys).primary().id()).isEqualTo("next");
    }

    @Test
    @DisplayName("G4, G23: a key's certificate is found, in the file of the key or in another")
    void findsTheCertificateOfAKey() throws Exception {
        TestCertificate certificate = TestCertificate.valid();
        PemKeys apart = PemKeys.of("key", certificate.pair()).write("tls.crt", certificate.pem());
        PemKeys together = PemKeys.empty()
                .write("key", certificate.keyPem() + certificate.pem())
                .primary("key");

        for (PemKeys keys : new PemKeys[] {apart, together}) {
            SigningKeys read = read(keys);
            assertThat(read.primary().certificates()).containsExactly(certificate.certificate());
            assertThat(JWKSet.parse(read.publicJwks()).getKeyByKeyId("key").getParsedX509CertChain())
                    .containsExactly(certificate.certificate());
        }
    }

    @Test
    @DisplayName("RFC 7517 §4.7: certificates of one name that do not vouch for each other are no chain")
    void makesNoChainOfCertificatesOfOneName() throws Exception {
        TestCertificate former = TestCertificate.valid();
        TestCertificate latter = TestCertificate.valid();
        SigningKeys keys = read(PemKeys.of("b", latter.pair())
                .add("a", former.pair())
                .write("a.crt", former.pem())
                .write("b.crt", latter.pem()));
        assertThat(keys.primary().certificates()).containsExactly(latter.certificate());
    }

    @Test
    void findsOutThatTheHalvesOfAKeyDoNotBelongTogether() throws Exception {
        String one = new ECKeyGenerator(Curve.P_256).generate().toJSONString();
        String d = new ECKeyGenerator(Curve.P_256).generate().getD().toString();
        SigningKeys keys = read(PemKeys.empty()
                .write("k", one.replaceFirst("\"d\":\"[^\"]+\"", "\"d\":\"" + d + "\""))
                .primary("k"));
        assertThat(JwtSigner.works(SigningAlgorithm.ES256, keys.primary())).isFalse();
        assertThat(JwtSigner.works(
                        SigningAlgorithm.ES256,
                        read(PemKeys.of("k", PemKeys.pair("P-256"))).primary()))
                .isTrue();
    }

    @Test
    void namesWhatIsWrongWithADirectory() {
        isRefused(PemKeys.empty(), "has no file primary");
        isRefused(PemKeys.of("a", PemKeys.pair("P-256")).primary("b"), "names a key that has no file");
        assertThatThrownBy(() ->
                        new SigningKeyDirectory(PemKeys.empty().directory().resolve("gone")).read())
                .hasMessageContaining("cannot be read: NoSuchFileException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no key",
                "{}",
                "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
            })
    void namesTheFileThatIsNoKey(String content) {
        isRefused(PemKeys.empty().write("broken", content).primary("broken"), "broken");
    }

    @Test
    void tellsHowToConvertOtherForms() {
        isRefused(
                PemKeys.empty()
                        .write("k", PemKeys.pem("EC PRIVATE KEY", new byte[8]))
                        .primary("k"),
                "openssl pkcs8 -topk8 -nocrypt");
        isRefused(
                PemKeys.empty()
                        .write("k", PemKeys.pem("ENCRYPTED PRIVATE KEY", new byte[8]))
                        .primary("k"),
                "is encrypted");
    }

    @Test
    void refusesAPublicKeyAlone() throws Exception {
        String publicKey = PublicJsonWebKey.Factory.newPublicJwk(
                        PemKeys.pair("P-256").getPublic())
                .toJson();
        isRefused(PemKeys.empty().write("k", publicKey).primary("k"), "has a public key only");
    }
}
