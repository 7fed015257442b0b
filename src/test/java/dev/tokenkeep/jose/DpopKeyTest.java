package dev.tokenkeep.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.dpop.JWKThumbprintConfirmation;
import com.nimbusds.oauth2.sdk.dpop.verifiers.AccessTokenValidationException;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPIssuer;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPProtectedResourceRequestVerifier;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPTokenRequestVerifier;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DefaultDPoPSingleUseChecker;
import com.nimbusds.oauth2.sdk.dpop.verifiers.InvalidDPoPProofException;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import com.nimbusds.openid.connect.sdk.Nonce;
import dev.tokenkeep.oauth.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DpopKeyTest {

    private static final DPoPIssuer CLIENT = new DPoPIssuer("client");
    private static final URI TOKEN_ENDPOINT = URI.create("https://as.example/token");

    private final DpopKey key = DpopKey.generate();
    private final DPoPTokenRequestVerifier server = new DPoPTokenRequestVerifier(
            Set.of(JWSAlgorithm.ES256), TOKEN_ENDPOINT, 5, new DefaultDPoPSingleUseChecker(60, 60));

    private SignedJWT proof(String method, String uri, String nonce, String accessToken) throws Exception {
        var request = new DpopKey.Request(method, URI.create(uri), nonce, Secret.ofNullable(accessToken));
        return SignedJWT.parse(key.proof(request, Instant.now()));
    }

    @Test
    @DisplayName("G9: an authorization server that takes each proof once takes a second one for the same request")
    void provesATokenRequest() throws Exception {
        SignedJWT proof = proof("POST", TOKEN_ENDPOINT.toString(), null, null);

        assertThat(server.verify(CLIENT, proof).getValue()).hasToString(key.thumbprint());
        assertThat(server.verify(CLIENT, proof("POST", TOKEN_ENDPOINT.toString(), null, null))
                        .getValue())
                .hasToString(key.thumbprint());
        assertThat(proof.getHeader().getType()).hasToString("dpop+jwt");
        assertThat(proof.getHeader().getJWK().isPrivate()).isFalse();
        assertThat(proof.getHeader().toJSONObject()).containsOnlyKeys("typ", "alg", "jwk");
        assertThat(proof.getJWTClaimsSet().toJSONObject()).containsOnlyKeys("jti", "htm", "htu", "iat");
    }

    @Test
    @DisplayName("G10: a proof has the nonce that the server asked for")
    void provesWithANonce() throws Exception {
        SignedJWT proof = proof("POST", TOKEN_ENDPOINT.toString(), "n-1", null);

        assertThat(server.verify(CLIENT, proof, new Nonce("n-1")).getValue()).hasToString(key.thumbprint());
    }

    @Test
    @DisplayName("G9: a resource server takes a proof for its method, address and access token alone")
    void provesThePresentationOfAnAccessToken() throws Exception {
        var resource = new DPoPProtectedResourceRequestVerifier(
                Set.of(JWSAlgorithm.ES256), 5, new DefaultDPoPSingleUseChecker(60, 60));
        var bound = JWKThumbprintConfirmation.of(
                proof("GET", "https://api.example/a", null, "at").getHeader().getJWK());

        resource.verify(
                "GET",
                URI.create("https://api.example/a"),
                CLIENT,
                proof("GET", "https://api.example/a?page=2#top", null, "at"),
                new DPoPAccessToken("at"),
                bound);
        for (SignedJWT other : List.of(
                proof("POST", "https://api.example/a", null, "at"),
                proof("GET", "https://api.example/b", null, "at"),
                proof("GET", "https://other.example/a", null, "at"),
                proof("GET", "https://api.example/a", null, "another"))) {
            assertThatThrownBy(() -> resource.verify(
                            "GET",
                            URI.create("https://api.example/a"),
                            CLIENT,
                            other,
                            new DPoPAccessToken("at"),
                            bound))
                    .isInstanceOfAny(InvalidDPoPProofException.class, AccessTokenValidationException.class);
        }
    }

    @ParameterizedTest
    @DisplayName("G26: the address is sent as servers compare it")
    @CsvSource({
        "HTTPS://AS.Example:443/token?x=1, https://as.example/token",
        "https://as.example, https://as.example/",
        "https://as.example:8443/a%2Fb#f, https://as.example:8443/a%2Fb",
        "http://as.example:80/Token, http://as.example/Token",
        "http://as.example:443/, http://as.example:443/",
        "https://[2001:DB8::1]:443/token, https://[2001:db8::1]/token"
    })
    void normalizesTheAddress(String uri, String address) throws Exception {
        assertThat(proof("POST", uri, null, null).getJWTClaimsSet().getClaim("htu"))
                .isEqualTo(address);
    }

    @Test
    void comesBackFromItsText() throws Exception {
        DpopKey again = DpopKey.ofJwk(key.toJwk());
        var request = new DpopKey.Request("POST", TOKEN_ENDPOINT, null, null);

        assertThat(again.thumbprint()).isEqualTo(key.thumbprint());
        assertThat(server.verify(CLIENT, SignedJWT.parse(again.proof(request, Instant.now())))
                        .getValue())
                .hasToString(key.thumbprint());
    }

    @Test
    void printsNothingOfTheKey() {
        assertThat(key.toString()).isEqualTo("[DPoP key]");
        assertThat(key.toJwk().toString()).doesNotContain("\"d\"");
    }

    @Test
    void doesNotQuoteAKeyThatCannotBeRead() {
        String secret = key.toJwk().reveal().replaceAll(".*\"d\":\"([^\"]+)\".*", "$1");

        assertThat(secret).hasSizeBetween(40, 44);
        assertThatThrownBy(() -> DpopKey.ofJwk(Secret.of(key.toJwk().reveal().replace("P-256", secret))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageNotContaining(secret)
                .hasNoCause();
    }

    @Test
    void isAnotherEachTime() {
        var thumbprints = new HashSet<String>();
        for (int i = 0; i < 20; i++) {
            thumbprints.add(DpopKey.generate().thumbprint());
        }
        assertThat(thumbprints).hasSize(20);
    }
}
