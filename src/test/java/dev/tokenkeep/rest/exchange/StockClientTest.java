package dev.tokenkeep.rest.exchange;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import com.nimbusds.oauth2.sdk.token.TypelessAccessToken;
import com.nimbusds.oauth2.sdk.tokenexchange.TokenExchangeGrant;
import dev.tokenkeep.targets.TargetsResource;
import dev.tokenkeep.testing.CallerIssuers;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that knows OAuth and nothing of Tokenkeep: Nimbus' SDK, which signs its own assertion. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(TargetsResource.class)
class StockClientTest {

    ScriptedAuthorizationServer server;

    @TestHTTPResource
    URI base;

    private TokenResponse exchanged(URI tokenEndpoint, String subjectToken, String type, List<Audience> audiences)
            throws Exception {
        var key = CallerIssuers.key("rsa");
        var authentication = new PrivateKeyJWT(
                new ClientID(TargetsResource.STOCK_CLIENT),
                URI.create(TargetsResource.STOCK_AUDIENCE),
                JWSAlgorithm.RS256,
                key.getPrivateKey(),
                key.getKeyId(),
                null);
        var grant = new TokenExchangeGrant(
                new TypelessAccessToken(subjectToken), TokenTypeURI.parse(type), null, null, null, audiences);
        var request = new TokenRequest.Builder(tokenEndpoint, authentication, grant).build();
        return TokenResponse.parse(request.toHTTPRequest().send());
    }

    @Test
    void findsTheEndpointAndExchangesTokens() throws Exception {
        IssuedTokens tokens = server.issue("alice");
        String session = given().auth()
                .oauth2(CallerKeys.token("sub-web"))
                .contentType("application/json")
                .body("{\"registration\":\"crm\",\"subject\":\"stock-user\",\"token_response\":%s}"
                        .formatted(tokens.json()))
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        var metadata = AuthorizationServerMetadata.parse(
                given().get("/.well-known/oauth-authorization-server").asString());
        assertThat(metadata.getTokenEndpointAuthMethods()).contains(ClientAuthenticationMethod.PRIVATE_KEY_JWT);
        AccessTokenResponse success = exchanged(metadata.getTokenEndpointURI(), session, TokenForms.SESSION, List.of())
                .toSuccessResponse();
        assertThat(success.getTokens().getAccessToken().getValue()).isEqualTo(tokens.accessToken());
        assertThat(success.getTokens().getAccessToken().getLifetime()).isPositive();
        assertThat(success.getTokens().getAccessToken().getIssuedTokenType()).isEqualTo(TokenTypeURI.ACCESS_TOKEN);
        assertThat(success.getTokens().getRefreshToken()).isNull();

        String user = CallerIssuers.of("elliptic", java.util.Map.of("sub", "stock-user"));
        assertThat(exchanged(metadata.getTokenEndpointURI(), user, TokenForms.JWT, List.of(new Audience("crm")))
                        .indicatesSuccess())
                .isTrue();

        var error = exchanged(metadata.getTokenEndpointURI(), user, TokenForms.JWT, List.of())
                .toErrorResponse()
                .getErrorObject();
        assertThat(error.getCode()).isEqualTo("invalid_target");
        assertThat(error.getDescription()).isNotBlank();
    }
}
