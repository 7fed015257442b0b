package dev.tokenkeep.authorizationserver;

import static dev.tokenkeep.authorizationserver.WireRegistrations.authenticatedBy;
import static dev.tokenkeep.registration.ClientAuthenticationMethod.CLIENT_SECRET_BASIC;
import static dev.tokenkeep.registration.ClientAuthenticationMethod.CLIENT_SECRET_POST;
import static dev.tokenkeep.registration.ClientAuthenticationMethod.NONE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.authorizationserver.ClientAuthenticator.Credentials;
import dev.tokenkeep.http.RequestBody;
import dev.tokenkeep.oauth.RequestFormat;
import java.util.Base64;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClientAuthenticatorTest {

    private static final String ID = "1PpG/Q 1";
    private static final String SECRET = "z/tZ9VwFZqApmIQ+ZH1I5pLk/uB4ud:X2/8bL+wfFTt1rFw=";

    @Test
    @DisplayName("A1, B12: Basic form-encodes id and secret before base64")
    void basicFormEncodesIdAndSecretBeforeBase64() {
        Credentials credentials = ClientAuthenticator.credentials(authenticatedBy(CLIENT_SECRET_BASIC, false));

        assertThat(credentials.authorizationHeader())
                .isEqualTo("Basic MVBwRyUyRlErMTp6JTJGdFo5VndGWnFBcG1JUSUyQlpIMUk1cExrJTJGdUI0dWQlM0FYMiUyRjhiTCUyQndm"
                        + "RlR0MXJGdyUzRA==");
        assertThat(credentials.parameters()).hasSize(1).containsEntry("client_id", ID);
    }

    @Test
    @DisplayName("A1, B12: raw Basic encodes nothing")
    void rawBasicEncodesNothing() {
        Credentials credentials = ClientAuthenticator.credentials(authenticatedBy(CLIENT_SECRET_BASIC, true));

        String raw = Base64.getEncoder().encodeToString((ID + ":" + SECRET).getBytes(UTF_8));
        assertThat(credentials.authorizationHeader()).isEqualTo("Basic " + raw);
        assertThat(credentials.parameters()).hasSize(1).containsEntry("client_id", ID);
    }

    @Test
    @DisplayName("A2, B12: client_secret_post sends the secret in the body and in no header")
    void postSendsTheSecretInTheBodyAlone() {
        Credentials credentials = ClientAuthenticator.credentials(authenticatedBy(CLIENT_SECRET_POST, false));

        assertThat(credentials.authorizationHeader()).isNull();
        assertThat(credentials.parameters())
                .hasSize(2)
                .containsEntry("client_id", ID)
                .containsEntry("client_secret", SECRET);
    }

    @Test
    @DisplayName("B12: a public client sends its id and no secret")
    void aPublicClientSendsItsIdAlone() {
        Credentials credentials = ClientAuthenticator.credentials(authenticatedBy(NONE, false));

        assertThat(credentials.authorizationHeader()).isNull();
        assertThat(credentials.parameters()).hasSize(1).containsEntry("client_id", ID);
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
        assertThat(ClientAuthenticator.credentials(authenticatedBy(CLIENT_SECRET_POST, false)))
                .asString()
                .doesNotContain(SECRET, ID);
        assertThat(authenticatedBy(CLIENT_SECRET_POST, false)).asString().doesNotContain(SECRET);
    }
}
