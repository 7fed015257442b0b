package dev.tokenkeep.authorizationserver.clientauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.tokenkeep.authorizationserver.clientauth.ClientAuthenticator.Credentials;
import dev.tokenkeep.http.RequestBody;
import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import dev.tokenkeep.testing.PemKeys;
import java.net.URI;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClientAuthenticatorTest {

    private static final String ID = "1PpG/Q 1";
    private static final String SECRET = "z/tZ9VwFZqApmIQ+ZH1I5pLk/uB4ud:X2/8bL+wfFTt1rFw=";
    private static final URI ENDPOINT = URI.create("https://as.example/token?tenant=1");
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final ClientAuthenticator authenticator = new ClientAuthenticator(new ClientAssertions(clock));

    private static ClientRegistration client(String method, Map<String, String> more) {
        var settings = new HashMap<>(Map.of("client-id", ID, "client-secret", SECRET, "client-authentication", method));
        settings.putAll(more);
        return TestClientRegistrations.with(settings);
    }

    private Credentials credentials(String method, Map<String, String> more) {
        return authenticator
                .credentials(client(method, more), ENDPOINT)
                .toCompletableFuture()
                .join()
                .orElseThrow();
    }

    private SignedJWT assertion(String method, Map<String, String> more) throws Exception {
        Credentials credentials = credentials(method, more);
        assertThat(credentials.headers()).isEmpty();
        assertThat(credentials.parameters())
                .containsOnlyKeys("client_id", "client_assertion_type", "client_assertion")
                .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        return SignedJWT.parse(credentials.parameters().get("client_assertion"));
    }

    @Test
    @DisplayName("A1, B12: Basic form-encodes id and secret before base64")
    void basicFormEncodesIdAndSecretBeforeBase64() {
        Credentials credentials = credentials("client_secret_basic", Map.of());

        assertThat(credentials.headers())
                .containsExactly(entry(
                        "Authorization",
                        "Basic MVBwRyUyRlErMTp6JTJGdFo5VndGWnFBcG1JUSUyQlpIMUk1cExrJTJGdUI0dWQlM0FYMiUyRjhiTCUyQndm"
                                + "RlR0MXJGdyUzRA=="));
        assertThat(credentials.parameters()).hasSize(1).containsEntry("client_id", ID);
    }

    @Test
    void basicWithTheIdAloneHasAnEmptyPassword() {
        Credentials credentials =
                credentials("client_secret_basic", Map.of("basic-credentials", "id-alone", "client-secret", ""));

        assertThat(credentials.headers()).containsExactly(entry("Authorization", basic("1PpG%2FQ+1:")));
        assertThat(credentials.parameters()).hasSize(1).containsEntry("client_id", ID);
    }

    @Test
    void basicWithTheSecretAloneSendsNoIdAnywhere() {
        Credentials credentials = credentials(
                "client_secret_basic", Map.of("basic-credentials", "secret-alone", "client-secret", "sk_live_1"));

        assertThat(credentials.headers()).containsExactly(entry("Authorization", basic("sk_live_1:")));
        assertThat(credentials.parameters()).isEmpty();
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    @Test
    void theIdGoesByTheNameThatTheServerWants() {
        Credentials credentials =
                credentials("client_secret_post", Map.of("client-id-parameter", "client_key", "client-secret", "s"));

        assertThat(credentials.parameters()).containsExactly(entry("client_key", ID), entry("client_secret", "s"));
    }

    @Test
    @DisplayName("A1, B12: raw Basic encodes nothing")
    void rawBasicEncodesNothing() {
        Credentials credentials = credentials("client_secret_basic", Map.of("basic-credentials", "raw"));

        String raw = Base64.getEncoder().encodeToString((ID + ":" + SECRET).getBytes(UTF_8));
        assertThat(credentials.headers()).containsExactly(entry("Authorization", "Basic " + raw));
        assertThat(credentials.parameters()).hasSize(1).containsEntry("client_id", ID);
    }

    @Test
    @DisplayName("A2, B12: client_secret_post sends the secret in the body and in no header")
    void postSendsTheSecretInTheBodyAlone() {
        Credentials credentials = credentials("client_secret_post", Map.of());

        assertThat(credentials.headers()).isEmpty();
        assertThat(credentials.parameters())
                .hasSize(2)
                .containsEntry("client_id", ID)
                .containsEntry("client_secret", SECRET);
    }

    @Test
    @DisplayName("B12: a public client sends its id and no secret")
    void aPublicClientSendsItsIdAlone() {
        Credentials credentials = credentials("none", Map.of("client-secret", ""));

        assertThat(credentials.headers()).isEmpty();
        assertThat(credentials.parameters()).hasSize(1).containsEntry("client_id", ID);
    }

    @Test
    @DisplayName("G1, G2, G3: a JWT of the client for this issuer, good for a minute and once")
    void signsAJwtWithItsSecret() throws Exception {
        Map<String, String> settings = Map.of("issuer", "https://as.example/");
        SignedJWT one = assertion("client_secret_jwt", settings);

        assertThat(one.verify(new MACVerifier(SECRET.getBytes(UTF_8)))).isTrue();
        assertThat(one.getHeader().toJSONObject())
                .containsOnly(Map.entry("alg", "HS256"), Map.entry("typ", "client-authentication+jwt"));
        assertThat(one.getPayload().toJSONObject())
                .containsOnlyKeys("iss", "sub", "aud", "jti", "iat", "nbf", "exp")
                .containsEntry("iss", ID)
                .containsEntry("sub", ID)
                // With its slash, and as a string.
                .containsEntry("aud", "https://as.example/");
        assertThat(one.getJWTClaimsSet().getExpirationTime()).isEqualTo(Date.from(NOW.plusSeconds(60)));
        assertThat(one.getJWTClaimsSet().getJWTID())
                .isNotEqualTo(assertion("client_secret_jwt", settings)
                        .getJWTClaimsSet()
                        .getJWTID());
    }

    @Test
    @DisplayName("G21: a server whose clock is a little behind takes it too")
    void isBackdated() throws Exception {
        SignedJWT jwt = assertion("client_secret_jwt", Map.of("issuer", "https://as.example/"));
        assertThat(jwt.getJWTClaimsSet().getIssueTime()).isEqualTo(Date.from(NOW.minusSeconds(5)));
        assertThat(jwt.getJWTClaimsSet().getNotBeforeTime()).isEqualTo(Date.from(NOW.minusSeconds(5)));
    }

    @Test
    @DisplayName("G4, G21: algorithm, audience and type are as the server wants them")
    void signsWithAKey() throws Exception {
        KeyPair pair = PemKeys.pair("RSA");
        SignedJWT jwt = assertion(
                "private_key_jwt",
                Map.of(
                        "client-secret", "",
                        "client-keys", PemKeys.of("key-1", pair).directory().toString(),
                        "client-assertion-audience", "https://login.example/tenant/v2.0",
                        "client-assertion-algorithm", "PS256",
                        "client-assertion-type", "JWT"));

        assertThat(jwt.verify(new RSASSAVerifier((RSAPublicKey) pair.getPublic())))
                .isTrue();
        assertThat(jwt.getHeader().toJSONObject())
                .containsOnly(Map.entry("alg", "PS256"), Map.entry("typ", "JWT"), Map.entry("kid", "key-1"));
        assertThat(jwt.getPayload().toJSONObject()).containsEntry("aud", "https://login.example/tenant/v2.0");
    }

    @Test
    @DisplayName("G18, G20: the audience is the address of the request only if the operator says so")
    void isForTheEndpointOnlyOnRequest() throws Exception {
        SignedJWT jwt = assertion("client_secret_jwt", Map.of("client-assertion-audience", "endpoint"));
        assertThat(jwt.getPayload().toJSONObject()).containsEntry("aud", ENDPOINT.toString());
    }

    @Test
    void encodesForms() {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("refresh_token", "a+b&c=d e");
        parameters.put("ünicode", "%");

        assertThat(RequestBody.of(RequestFormat.FORM, parameters).text())
                .isEqualTo("refresh_token=a%2Bb%26c%3Dd+e&%C3%BCnicode=%25");
    }

    @Test
    void printsNoSecret() {
        assertThat(credentials("client_secret_post", Map.of())).asString().doesNotContain(SECRET, ID);
        assertThat(client("client_secret_post", Map.of())).asString().doesNotContain(SECRET);
    }
}
